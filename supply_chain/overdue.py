"""Which known holes should be closed by now: a mended version has been there for a week, and we do not have it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from packaging.version import InvalidVersion, Version

from supply_chain.advisory_source import Advisory
from supply_chain.lock_file import Package

# Long enough for a poisoned release to be found out and taken down, short enough for a hole.
PATIENCE = timedelta(days=7)


class Finding(NamedTuple):
    """An advisory that concerns a package, the version that mends it, and whether we should have that one."""

    package: Package
    advisory: Advisory
    mended_in: str | None
    is_overdue: bool

    def sentence(self) -> str:
        """For whoever reads the output."""
        mended = f"mended in {self.mended_in}" if self.mended_in else "nobody has mended it yet"
        word = "OVERDUE" if self.is_overdue else "known"
        since = f"{self.advisory.published:%Y-%m-%d}"
        return f"{word}: {self.package.name} {self.package.version}, {self.advisory.name} of {since}: {mended}"


def findings(found: Mapping[Package, Sequence[Advisory]], now: datetime) -> Iterator[Finding]:
    """Judge what the source told."""
    for package, advisories in found.items():
        for advisory in advisories:
            mended_in = _next_version(package.version, advisory.fixed_in)
            is_old = now - advisory.published > PATIENCE
            yield Finding(package, advisory, mended_in, mended_in is not None and is_old)


def _next_version(ours: str, fixed_in: Sequence[str]) -> str | None:
    """The smallest mended version above ours; commits, which an advisory may name too, are none."""
    above = [version for version in map(_version, fixed_in) if version is not None and version > Version(ours)]
    return str(min(above)) if above else None


def _version(text: str) -> Version | None:
    try:
        return Version(text)
    except InvalidVersion:
        return None
