"""How the rows of each table are found from a trail, and told in a line."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest

from reservations.admin.cell_links import address, moment

from .trail import MOST, Trail

Rows = Callable[[Trail], QuerySet[Any]]
# What a row says in its line, and the moment that it is told with.
Line = Callable[[Any], tuple[str, datetime | None]]


@dataclass(frozen=True, slots=True)
class Row:
    """One line: where its page is, what it says, of which shop, and when it was."""

    address: str
    text: str
    shop: str
    at: str


@dataclass(frozen=True, slots=True)
class Section:
    """The rows of one table that the trail leads to."""

    model: type[Model]
    rows: Rows
    line: Line

    def may_be_seen(self, request: HttpRequest) -> bool:
        """Whether this member of staff may look at the table at all."""
        options = self.model._meta
        return request.user.has_perm(f"{options.app_label}.view_{options.model_name}") or request.user.has_perm(
            f"{options.app_label}.change_{options.model_name}"
        )

    def lines(self, trail: Trail) -> list[Row]:
        """At most twenty, newest first, of the shops that are looked in whatever the section finds."""
        found = self.rows(trail).filter(shop__in=trail.shops).select_related("shop").order_by("-pk")[:MOST]
        return [self._row(row) for row in found]

    def _row(self, row: Any) -> Row:
        text, at = self.line(row)
        options = self.model._meta
        page = address(f"{options.app_label}_{options.model_name}_change", row.pk)
        return Row(page, text, row.shop.domain.removesuffix(".myshopify.com"), moment(at) if at else "")


_sections: list[Section] = []


def section(model: type[Model], rows: Rows) -> Callable[[Line], Line]:
    """Let the decorated function tell the rows of `model` that `rows` finds."""

    def add(line: Line) -> Line:
        _sections.append(Section(model, rows, line))
        return line

    return add


def sections() -> Sequence[Section]:
    """All of them, in the order in which the apps were loaded."""
    return tuple(_sections)
