"""Searches by what people have at hand, along the tables' indexes, each of which begins with the shop."""

from typing import Any

from django.db.models import Q, QuerySet

from reservations.admin.search import as_uuid, by_sku
from reservations.models import Shop


def by_id(name: str, known: object) -> list[Q]:
    """The filters that find rows with that id. A reservation's pushes have one index per kind, so one filter each."""
    kinds = [Q(kind=kind) for kind in ("sale", "return")] if name == "reservation_id" else [Q()]
    return [Q(**{name: known}) & kind for kind in kinds]


def by_sku_or(
    rows: QuerySet[Any], term: str, shops: QuerySet[Shop], *texts: str, ids: tuple[str, ...] = ()
) -> QuerySet[Any]:
    """The rows whose SKU begins with the term or whose `texts` equal it; for a uuid, the rows that have it in `ids`."""
    term = term.strip()
    if not term:
        return rows
    # One query per way, so that each walks its own index.
    table = rows.model._default_manager.filter(shop__in=shops)
    known = as_uuid(term)
    ways = [way for name in ids for way in by_id(name, known)] if known else [by_sku(term, shops)]
    ways += [Q(**{name: term}) for name in texts]
    first, *others = (table.filter(way).values("pk") for way in ways)
    return rows.filter(pk__in=first.union(*others) if others else first)
