"""The folder of the servers' sockets: short, private, and nobody else's.

A socket's path may have 107 bytes on Linux and 103 on macOS, and the project may lie in a long path, so the sockets do
not lie next to the data. `/tmp` is open to all, so we refuse a folder of that name that somebody else made.
"""

import hashlib
import os
import stat
from pathlib import Path

from basico_stock.dev.local_services.errors import LocalServiceError
from basico_stock.dev.local_services.server_account import Account


def directory(home: Path) -> Path:
    """Return the sockets' folder of the services that have their data in `home`."""
    # By the data's place, so that two copies of the project have two folders, and each finds its own again.
    identity = f"{os.geteuid()}:{home.resolve()}"
    name = f"bazico-{hashlib.sha256(identity.encode()).hexdigest()[:12]}"
    return Path("/tmp") / name  # make() refuses a folder that is not ours


def make(path: Path, account: Account) -> None:
    """Make the folder for `account` alone. Raises LocalServiceError where somebody else's is in its place."""
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        # `lstat`, because a link that somebody else left here could lead anywhere.
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {account.uid, os.geteuid()}:
            raise LocalServiceError(
                f"{path} belongs to somebody else: remove it, or set BASICO_HOME to another folder."
            ) from None
    account.own(path)
    path.chmod(0o700)
