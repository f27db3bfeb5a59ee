"""Searching by what people have at hand, along the indexes that the tables have: each of them begins with the shop."""

from typing import Any

from django.db.models import Q, QuerySet

from reservations.admin.searching import as_uuid, by_sku
from reservations.models import Shop


def by_sku_or(rows: QuerySet[Any], term: str, *texts: str, ids: tuple[str, ...] = ()) -> QuerySet[Any]:
    """The rows whose SKU begins with the term, or one of `texts` is it, or one of `ids` when it is a uuid."""
    term = term.strip()
    if not term:
        return rows
    # One query per way, so that each walks its own index.
    table = rows.model._default_manager.filter(shop__in=Shop.objects.values("pk"))
    ways = [by_sku(term), *(Q(**{name: term}) for name in texts)]
    if (known := as_uuid(term)) is not None:
        ways += [Q(**{name: known}) for name in ids]
    first, *others = (table.filter(way).values("pk") for way in ways)
    return rows.filter(pk__in=first.union(*others) if others else first)
