"""Searching by what people have at hand: a SKU as it is written, an id, or a text as a whole."""

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet


def by_sku_or(rows: QuerySet[Any], term: str, *texts: str, ids: tuple[str, ...] = ()) -> QuerySet[Any]:
    """The rows whose SKU, or one of `texts`, is exactly the term, or one of `ids` when it is a uuid."""
    term = term.strip()
    if not term:
        return rows
    wanted = Q(stock_item__sku=term)
    for name in texts:
        wanted |= Q(**{name: term})
    if ids and (known := _uuid(term)) is not None:
        for name in ids:
            wanted |= Q(**{name: known})
    return rows.filter(wanted)


def _uuid(term: str) -> UUID | None:
    try:
        return UUID(term)
    except ValueError:
        return None
