"""Checks before anything starts: nobody else works in this home folder, and the port is free."""

import fcntl
import os
import socket
from pathlib import Path
from typing import IO

from basico_stock.dev.errors import CannotStart
from plumbing.whole_number import whole_number


def lock(home: Path) -> IO[str]:
    """Take `home` for this process, until the file returned is closed.

    Raises CannotStart when it is taken, or may not be written.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        file = (home / "dev.lock").open("a+", errors="replace")
    except OSError as error:
        raise CannotStart(
            f"{home} cannot be written ({error.strerror}): run bin/dev as the one who owns it, or set BASICO_HOME to "
            "another folder."
        ) from None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        raise CannotStart(
            f"bin/dev already runs with its data in {home} (process {file.read().strip() or 'unknown'}): stop it, "
            "or start a second one with another BASICO_HOME and PORT."
        ) from None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def port_number(text: str) -> int:
    """Return PORT as a number. Raises CannotStart when it is not one."""
    if number := whole_number(text, most=65_535):
        return number
    raise CannotStart(f"PORT={text} is not a port: give a number from 1 to 65535, as in PORT=8001 bin/dev.")


def port_is_free(host: str, port: int) -> None:
    """Raise CannotStart when something listens on the port or we may not use it."""
    with socket.socket() as probe:
        probe.settimeout(1)
        # On macOS the bind below succeeds even while another program listens on every address.
        taken = probe.connect_ex((host, port)) == 0
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise CannotStart(f"Port {port} needs root: choose one above 1023, as in PORT=8001 bin/dev.") from None
        except OSError:
            taken = True
    if taken:
        raise CannotStart(
            f"Port {port} is in use by another program: stop it, or choose another, as in PORT={port + 1} bin/dev."
        )
