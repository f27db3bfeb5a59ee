"""The files that the Dockerfile's `COPY . .` takes, and a Python with the packages of requirements.txt alone."""

import os
import re
import shutil
from collections.abc import Iterator
from fnmatch import fnmatchcase
from importlib.metadata import packages_distributions
from pathlib import Path, PurePosixPath

from .places import ROOT

PATTERNS = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]

# Comes before every other way to import, and hides the packages that only the tests have.
_WITHOUT = """import sys
class Absent:
    names = frozenset({names!r})
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in self.names:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Absent())
"""


def left_out(path: PurePosixPath) -> bool:
    """Whether .dockerignore names this file or folder; knows those of Docker's patterns that the file uses."""
    for pattern in PATTERNS:
        anywhere = pattern.removeprefix("**/")
        assert not re.search(r"[!*?\[]", anywhere), f"{pattern} is of a kind that these tests do not know"
        if fnmatchcase(str(path), pattern) or (anywhere != pattern and path.name == anywhere):
            return True
    return False


def files() -> Iterator[PurePosixPath]:
    """The files of the image, relative to its /app."""
    for folder, folders, names in os.walk(ROOT):
        here = PurePosixPath(Path(folder).relative_to(ROOT).as_posix())
        folders[:] = sorted(name for name in folders if not left_out(here / name))
        yield from (here / name for name in sorted(names) if not left_out(here / name))


def copy_to(app: Path) -> None:
    """Copy the image's /app into an empty folder."""
    for file in files():
        target = app / file
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, target)


def listed(lock_file: str) -> dict[str, str]:
    """The packages of a lock file, and their versions."""
    pins = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ ;]+)", (ROOT / lock_file).read_text(), re.MULTILINE)
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in pins}


def imports_of_the_service() -> set[str]:
    """The modules of an installation of requirements.txt alone, besides the standard library."""
    service = listed("requirements.txt")
    return {
        name
        for name, packages in packages_distributions().items()
        if any(re.sub(r"[-_.]+", "-", package).lower() in service for package in packages)
    }


def hide_other_packages(folder: Path) -> None:
    """Write a module into `folder` that, on PYTHONPATH, hides every package that requirements.txt does not list."""
    hidden = sorted(set(packages_distributions()) - imports_of_the_service())
    (folder / "sitecustomize.py").write_text(_WITHOUT.format(names=hidden))
