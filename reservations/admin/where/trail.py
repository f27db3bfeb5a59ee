"""What a pasted text names, and what hangs together with it: stock items, reservations, carts and orders."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from reservations.admin.search import as_uuid
from reservations.models import Cart, Reservation, Shop, ShopifyCart, ShopifyOrder, Shortfall, StockItem

# More than a person reads. A longer list is one search in the list itself.
MOST = 20
Start = Callable[["Trail"], None]
_starts: list[Start] = []


@dataclass
class Trail:
    """The text, the shops in which to look, and the shop and key of everything that it leads to there.

    ``items`` is filled by a SKU alone: an item leads to more than anybody wants to see of a reservation.
    """

    text: str
    shops: QuerySet[Shop]
    items: set[tuple[int, int]] = field(default_factory=set)
    reservations: set[tuple[int, UUID]] = field(default_factory=set)
    carts: set[tuple[int, UUID]] = field(default_factory=set)
    orders: set[tuple[int, str]] = field(default_factory=set)

    @property
    def uuid(self) -> UUID | None:
        """The text, if it is an id of ours."""
        return as_uuid(self.text)

    def any_of(self, keys: Iterable[tuple[int, Any]], name: str) -> Q:
        """Rows whose shop and `name` are among `keys`; none where there are no keys."""
        wanted = Q(pk__in=[])
        for shop_id, key in sorted(keys, key=str)[:MOST]:
            wanted |= Q(**{"shop": shop_id, name: key})
        return wanted


def start(begin: Start) -> Start:
    """Let the decorated function look for the text where its app can find it."""
    _starts.append(begin)
    return begin


def follow(text: str, shops: QuerySet[Shop]) -> Trail:
    """Everything in these shops that the text leads to. A bounded number of queries, each along an index."""
    trail = Trail(text.strip(), shops)
    if trail.text:
        for begin in _starts:
            begin(trail)
        # From a reservation to its cart and its order, and from those to their other reservations.
        for _turn in range(2):
            _follow_carts_and_orders(trail)
            _follow_reservations(trail)
    return trail


def _follow_reservations(trail: Trail) -> None:
    wanted = trail.any_of(trail.carts, "cart_token") | trail.any_of(trail.orders, "order_id")
    wanted |= trail.any_of(trail.reservations, "pk")
    for shop, key, cart, order in Reservation.objects.filter(wanted).values_list(
        "shop", "pk", "cart_token", "order_id"
    )[: MOST * 2]:
        trail.reservations.add((shop, key))
        if cart:
            trail.carts.add((shop, cart))
        if order:
            trail.orders.add((shop, order))


def _follow_carts_and_orders(trail: Trail) -> None:
    orders = trail.any_of(trail.carts, "cart_token") | trail.any_of(trail.orders, "order_id")
    for shop, order, cart in ShopifyOrder.objects.filter(orders).values_list("shop", "order_id", "cart_token")[:MOST]:
        trail.orders.add((shop, order))
        if cart:
            trail.carts.add((shop, cart))
    carts = ShopifyCart.objects.filter(trail.any_of(trail.carts, "cart_token")).exclude(closed_by="")
    trail.orders.update(carts.values_list("shop", "closed_by")[:MOST])


@start
def _by_sku(trail: Trail) -> None:
    trail.items.update(StockItem.objects.filter(shop__in=trail.shops, sku=trail.text).values_list("shop", "pk")[:MOST])


@start
def _by_uuid(trail: Trail) -> None:
    if trail.uuid is None:
        return
    shops = trail.shops
    trail.reservations.update(Reservation.objects.filter(shop__in=shops, pk=trail.uuid).values_list("shop", "pk"))
    trail.carts.update(Cart.objects.filter(shop__in=shops, token=trail.uuid).values_list("shop", "token")[:MOST])
    known = ShopifyCart.objects.filter(shop__in=shops, cart_token=trail.uuid)
    trail.carts.update(known.values_list("shop", "cart_token")[:MOST])


@start
def _by_order(trail: Trail) -> None:
    """By Shopify's number, alone or in a global id, and by the name that the merchant sees (``#1001``)."""
    shops, names = trail.shops, order_ids(trail.text)
    trail.orders.update(
        ShopifyOrder.objects.filter(shop__in=shops, order_id__in=names).values_list("shop", "order_id")[:MOST]
    )
    called = [trail.text, f"#{trail.text}"]
    trail.orders.update(
        ShopifyOrder.objects.filter(shop__in=shops, name__in=called).values_list("shop", "order_id")[:MOST]
    )
    sold = Reservation.objects.filter(shop__in=shops, order_id__in=[*names, *called])
    trail.orders.update(sold.values_list("shop", "order_id")[:MOST])
    short = Shortfall.objects.filter(shop__in=shops, order_id__in=names)
    trail.orders.update(short.values_list("shop", "order_id")[:MOST])


@start
def _by_shopifys_cart(trail: Trail) -> None:
    # The part after "?" is a secret that is stored nowhere.
    token = trail.text.split("?", 1)[0]
    known = ShopifyCart.objects.filter(shop__in=trail.shops, token=token)
    trail.carts.update(known.values_list("shop", "cart_token")[:MOST])


def order_ids(text: str) -> list[str]:
    """The ways in which an order with this text may be written down."""
    digits = text.rsplit("/", 1)[-1]
    return list(dict.fromkeys([text, digits, f"gid://shopify/Order/{digits}"]))
