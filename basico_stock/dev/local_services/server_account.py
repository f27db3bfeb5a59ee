"""The account that the servers run as: the caller's own, or an unprivileged one when the caller is root.

PostgreSQL refuses to run as root, so for root it runs as `nobody`, with no other right. One exception: a folder that
only root may enter (`/root/...`, common in containers). For it the process keeps, on Linux, CAP_DAC_OVERRIDE, the right
to bypass file permissions, and nothing else.
"""

import os
import pwd
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from basico_stock.dev.local_services import capabilities
from basico_stock.dev.local_services.errors import LocalServiceError


@dataclass(frozen=True)
class Account:
    """The user and group of a server; `changes` is false for the caller's own."""

    uid: int
    gid: int
    changes: bool

    def preexec(self, *paths: Path) -> Callable[[], None] | None:
        """Return what a child runs before the server, to become this account and still reach `paths`.

        Raises LocalServiceError where the account could not enter one of the folders.
        """
        if not self.changes:
            return None
        closed = [path for path in paths if not self._may_enter(path)]
        if closed and not sys.platform.startswith("linux"):
            raise LocalServiceError(
                f"PostgreSQL does not run as root and the account {pwd.getpwuid(self.uid).pw_name} may not enter "
                f"{closed[0]}: run this as an ordinary user, or from a folder that everybody may enter."
            )
        return lambda: self._become(keep_file_access=bool(closed))

    def own(self, path: Path) -> None:
        """Give `path` to this account."""
        if self.changes:
            os.chown(path, self.uid, self.gid)

    def _may_enter(self, path: Path) -> bool:
        """Whether others (or this account as owner) may pass each folder on the way to `path`."""
        for folder in [path, *path.resolve().parents]:
            if folder.exists():
                state = folder.stat()
                mask = 0o100 if state.st_uid == self.uid else 0o001
                if not state.st_mode & mask:
                    return False
        return True

    def _become(self, *, keep_file_access: bool) -> None:
        # The caller's folder may be one that this account must not enter.
        os.chdir("/")
        if keep_file_access:
            capabilities.keep_across_setuid()
        # The user last: after that there is no right left to change the groups.
        os.setgroups([])
        os.setgid(self.gid)
        os.setuid(self.uid)
        if keep_file_access:
            capabilities.only_file_access()


def server_account() -> Account:
    """Return the account for the servers: the caller's own, `nobody` when the caller is root."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), changes=False)
    nobody = pwd.getpwnam("nobody")
    # macOS writes nobody's number as -2; the kernel and stat() know it as 2**32 - 2.
    return Account(nobody.pw_uid % 2**32, nobody.pw_gid % 2**32, changes=True)
