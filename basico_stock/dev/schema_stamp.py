"""Whether the local database has this code's schema, so that a second start need not wait for Django to find out."""

import hashlib
from pathlib import Path

from basico_stock.environment import REPOSITORY

# Our migrations, and by the lists of packages everybody else's, and the server's.
_SOURCES = ("*/migrations/*.py", "requirements*.txt")


def is_current(home: Path) -> bool:
    """Whether the last start in `home` brought its database to what this code has."""
    stamp = _stamp(home)
    return stamp.is_file() and stamp.read_text() == fingerprint()


def remember(home: Path) -> None:
    """Note that the database of `home` has this code's schema."""
    _stamp(home).write_text(fingerprint())


def fingerprint() -> str:
    """Return what changes with anything that this code's schema is made of."""
    files = sorted(file for pattern in _SOURCES for file in REPOSITORY.glob(pattern))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def _stamp(home: Path) -> Path:
    return home / "schema"
