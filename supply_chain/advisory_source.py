"""OSV, where PyPI's and GitHub's advisories stand side by side: which of them concern these packages.

The source answers for all packages, or the check fails: a check that asked nobody must not look like a clean one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import requests

from supply_chain.lock_file import Package

OSV = "https://api.osv.dev"
_ECOSYSTEM = "PyPI"
_TIMEOUT_SECONDS = 30
# A source that hands out page after page without an end is as good as away.
_MOST_PAGES = 20


class SourceAway(Exception):
    """The source was not reached, or did not answer as it says that it does."""


@dataclass(frozen=True)
class Advisory:
    """What somebody published against a version: since when it is known, and the versions that mend it."""

    name: str
    published: datetime
    fixed_in: tuple[str, ...]


def advisories(packages: Sequence[Package], source: str = OSV) -> dict[Package, list[Advisory]]:
    """The advisories that concern these packages as pinned, none that was withdrawn. Raises SourceAway."""
    found: dict[Package, list[Advisory]] = {}
    with requests.Session() as session:
        session.max_redirects = 0
        for package, names in _names(session, source, packages).items():
            details = [_ask(session, "GET", f"{source}/v1/vulns/{name}") for name in names]
            known = [_advisory(package, told) for told in details if not told.get("withdrawn")]
            if known:
                found[package] = known
    return found


def _names(session: requests.Session, source: str, packages: Sequence[Package]) -> dict[Package, list[str]]:
    """The advisories' names by package, page after page."""
    names: dict[Package, list[str]] = {package: [] for package in packages}
    waiting: list[tuple[Package, str | None]] = [(package, None) for package in packages]
    for _ in range(_MOST_PAGES):
        if not waiting:
            return names
        told = _ask(session, "POST", f"{source}/v1/querybatch", {"queries": [_query(*asked) for asked in waiting]})
        results = told.get("results")
        if not isinstance(results, list) or len(results) != len(waiting):
            raise SourceAway(f"{source} answered for other packages than were asked about")
        further: list[tuple[Package, str | None]] = []
        for (package, _page), result in zip(waiting, results, strict=True):
            names[package] += [vulnerability["id"] for vulnerability in result.get("vulns", [])]
            if result.get("next_page_token"):
                further.append((package, result["next_page_token"]))
        waiting = further
    raise SourceAway(f"{source} never came to an end")


def _query(package: Package, page: str | None) -> dict[str, object]:
    asked: dict[str, object] = {
        "package": {"name": package.name, "ecosystem": _ECOSYSTEM},
        "version": package.version,
    }
    return asked | ({"page_token": page} if page else {})


def _ask(session: requests.Session, method: str, address: str, body: object = None) -> dict[str, Any]:
    try:
        answer = session.request(method, address, json=body, timeout=_TIMEOUT_SECONDS, allow_redirects=False)
        told = answer.json() if answer.status_code == requests.codes.ok else None
    except (requests.RequestException, ValueError) as error:
        raise SourceAway(f"{address}: {error}") from error
    if not isinstance(told, dict):
        raise SourceAway(f"{address} answered {answer.status_code}")
    return told


def _advisory(package: Package, told: dict[str, Any]) -> Advisory:
    try:
        affected = [part for part in told["affected"] if _is_of(part, package)]
        events = [event for part in affected for known in part.get("ranges", []) for event in known["events"]]
        published = datetime.fromisoformat(told["published"]).astimezone(UTC)
        return Advisory(told["id"], published, tuple(event["fixed"] for event in events if "fixed" in event))
    except (KeyError, TypeError, ValueError) as error:
        raise SourceAway(f"an advisory of {package.name} cannot be read: {error!r}") from error


def _is_of(part: dict[str, Any], package: Package) -> bool:
    named = part["package"]
    return bool(named["ecosystem"] == _ECOSYSTEM and named["name"].lower() == package.name)
