"""Which function answers which method and path."""

import re
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from sandbox.web.messages import Request, Response

Context = TypeVar("Context")
Answer = Callable[..., Response]

_PLACE = re.compile(r"\{(\w+)(:int)?\}")


class Routes(Generic[Context]):
    """A table of `METHOD /path/{name:int}` and the function of (context, request, **places) that answers."""

    def __init__(self) -> None:
        """Begin with no route."""
        self._table: list[tuple[str, re.Pattern[str], Answer]] = []
        self.summaries: dict[str, str] = {}

    def __call__(self, method: str, path: str) -> Callable[[Answer], Answer]:
        """Decorate the function that answers `method` on `path`; the first line of its docstring is its summary."""

        def add(function: Answer) -> Answer:
            self._table.append((method, _compiled(path), function))
            self.summaries[f"{method} {path}"] = (function.__doc__ or "").strip().split("\n")[0]
            return function

        return add

    def include(self, other: "Routes[Any]") -> None:
        """Answer what `other` answers, too."""
        self._table.extend(other._table)
        self.summaries |= other.summaries

    def find(self, method: str, path: str) -> Callable[[Context, Request], Response] | None:
        """Return the function that answers, with the path's places filled in; None when the path has no such method."""
        for known, pattern, function in self._table:
            if known == method and (match := pattern.fullmatch(path)):
                return _filled(function, match.groupdict())
        return None

    def knows(self, path: str) -> bool:
        """Whether any method answers on the path."""
        return any(pattern.fullmatch(path) for _, pattern, _ in self._table)


def _compiled(path: str) -> re.Pattern[str]:
    return re.compile(_PLACE.sub(lambda place: f"(?P<{place[1]}{'__int' if place[2] else ''}>{_part(place[2])})", path))


def _part(kind: str | None) -> str:
    return "[0-9]{1,18}" if kind else "[^/]+"


def _filled(function: Answer, places: dict[str, str]) -> Callable[[Any, Request], Response]:
    values = {
        name.removesuffix("__int"): int(value) if name.endswith("__int") else value for name, value in places.items()
    }
    return lambda context, request: function(context, request, **values)
