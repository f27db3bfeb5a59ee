"""Search by what an operator has at hand, along the indexes of the tables.

A term is the beginning of a SKU, in one piece: spaces are part of it. Each search names the shops that it looks in,
those that the operator sees: indexes begin with the shop, and what lies elsewhere must not use up a search's room.
"""

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from plumbing.whole_number import whole_number
from reservations.models import Reservation, Shop, ShopifyOrder, Shortfall, SkuLink, StockItem, StockMovement

# A term that fits more SKUs than this is too short to be meant.
MOST_SKUS = 50
# Orders of one name, each in another shop.
MOST_ORDERS = 20
Shops = QuerySet[Shop]


def as_uuid(term: str) -> UUID | None:
    """The term as an id; None when it is none."""
    try:
        return UUID(term)
    except ValueError:
        return None


def by_sku(term: str, shops: Shops) -> Q:
    """Rows of the SKUs that begin with `term`."""
    items = (
        StockItem.objects.filter(shop__in=shops, sku__startswith=term)
        .order_by("sku")
        .values_list("shop", "pk")[:MOST_SKUS]
    )
    return Q(shop__in={shop for shop, _ in items}, stock_item__in=[key for _, key in items])


def exactly(rows: QuerySet[Any], term: str, shops: Shops, *texts: str, uuids: tuple[str, ...] = ()) -> QuerySet[Any]:
    """The rows in which one of `texts` is the whole term, or one of `uuids` when it is an id; all without a term."""
    term, key = term.strip(), as_uuid(term.strip())
    if not term:
        return rows
    wanted = Q(pk__in=[])
    for name, value in [*((text, term) for text in texts), *((text, key) for text in uuids if key is not None)]:
        wanted |= Q(**{name: value})
    return rows.filter(wanted, shop__in=shops)


def orders(rows: QuerySet[ShopifyOrder], term: str, shops: Shops) -> QuerySet[ShopifyOrder]:
    """Orders by Shopify's number, alone or in a global id, by name with or without its "#", or by their cart."""
    if not term:
        return rows
    number, names = term.rsplit("/", 1)[-1], [term, f"#{term}"]
    wanted = Q(order_id=number) | Q(name__in=names)
    if (key := as_uuid(term)) is not None:
        wanted |= Q(cart_token=key)
    return rows.filter(wanted, shop__in=shops)


def order_ids(term: str, shops: Shops) -> list[str]:
    """Every spelling under which the stock may keep the orders that `term` names: itself, and their numbers."""
    known = orders(ShopifyOrder.objects.all(), term, shops).values_list("order_id", flat=True)[:MOST_ORDERS]
    return list(dict.fromkeys([term, *known]))


def reservations(rows: QuerySet[Reservation], term: str, shops: Shops) -> QuerySet[Reservation]:
    """Reservations by id, cart, order, or the beginning of their SKU."""
    key = as_uuid(term)
    if key is not None:
        of_cart = Reservation.objects.filter(shop__in=shops, cart_token=key).values("pk")
        return rows.filter(pk__in=of_cart.union(Reservation.objects.filter(pk=key).values("pk")))
    of_order = Reservation.objects.filter(shop__in=shops, order_id__in=order_ids(term, shops)).values("pk")
    # The index by SKU covers live holds only; the ledger has one over all rows, and names every reservation.
    of_sku = StockMovement.objects.filter(by_sku(term, shops), reservation_id__isnull=False).values("reservation_id")
    return rows.filter(pk__in=of_order.union(of_sku))


def links(rows: QuerySet[SkuLink], term: str, shops: Shops) -> QuerySet[SkuLink]:
    """Variants whose SKU begins with `term`, or that have it as Shopify's number of something."""
    wanted = Q(sku__startswith=term)
    number = whole_number(term.rsplit("/", 1)[-1])
    if number is not None:
        wanted |= Q(variant_id=number) | Q(product_id=number) | Q(inventory_item_id=number)
    return rows.filter(wanted, shop__in=shops)


def movements(rows: QuerySet[StockMovement], term: str, shops: Shops) -> QuerySet[StockMovement]:
    """Ledger rows by their reservation, or the beginning of their SKU."""
    key = as_uuid(term)
    if key is not None:
        return rows.filter(shop__in=shops, reservation_id=key)
    return rows.filter(by_sku(term, shops))


def shortfalls(rows: QuerySet[Shortfall], term: str, shops: Shops) -> QuerySet[Shortfall]:
    """Shortfalls by order, or the beginning of their SKU."""
    return rows.filter(Q(shop__in=shops, order_id__in=order_ids(term, shops)) | by_sku(term, shops))
