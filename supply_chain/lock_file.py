"""The packages of a lock file."""

import re
from pathlib import Path
from typing import NamedTuple

_PINNED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)", re.MULTILINE)


class Package(NamedTuple):
    """A package in the one version that is installed."""

    name: str
    version: str


def packages(*files: Path) -> list[Package]:
    """The packages of these files, each once, by name. Raises ValueError for a file that pins none."""
    found: set[Package] = set()
    for file in files:
        pinned = [Package(name.lower(), version) for name, version in _PINNED.findall(file.read_text())]
        if not pinned:
            raise ValueError(f"{file} pins no package")
        found.update(pinned)
    return sorted(found)
