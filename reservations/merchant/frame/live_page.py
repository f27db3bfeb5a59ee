"""Pages whose parts refresh by themselves: one address answers the whole page or one part of it.

The browser's side is ``static/merchant/app.js``: it asks again for each element with ``data-live``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.http import HttpResponse

from .visit import Visit

Context = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a page: its template and its figures. The page puts it into an element with ``data-live``."""

    template: str
    context: Callable[[Visit], Context]


def _nothing(_: Visit) -> Context:
    return {}


@dataclass(frozen=True, slots=True)
class LivePage:
    """A page of parts. A poll names a part and the page computes that part alone: it costs one small query."""

    template: str
    parts: Mapping[str, Part]
    rest: Callable[[Visit], Context] = field(default=_nothing)

    def answer(self, visit: Visit) -> HttpResponse:
        """The page, or the part that the visit asks for. A part that it does not know means the whole page."""
        part = self.parts.get(visit.part)
        if part is not None:
            return visit.fragment(part.template, part.context(visit))
        context = dict(self.rest(visit))
        for known in self.parts.values():
            context |= known.context(visit)
        return visit.page(self.template, context)
