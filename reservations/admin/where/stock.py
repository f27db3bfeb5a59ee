"""The stock's own tables on the page "Where is ...?"."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from reservations.admin import delivery_subject
from reservations.models import (
    Cart,
    Reservation,
    ShopifyCart,
    ShopifyOrder,
    Shortfall,
    SkuLink,
    StockItem,
    StockMovement,
    WebhookDelivery,
)

from .sections import section
from .trail import Trail

Told = tuple[str, datetime | None]


def _items(trail: Trail) -> QuerySet[StockItem]:
    return StockItem.objects.filter(trail.any_of(trail.items, "pk"))


def _reservations(trail: Trail) -> QuerySet[Reservation]:
    """Those that the text leads to; of a SKU those that hold its units now."""
    alive = trail.any_of(trail.items, "stock_item")
    live = Reservation.objects.filter(alive, ended_at=None).values("pk")
    named = Reservation.objects.filter(trail.any_of(trail.reservations, "pk")).values("pk")
    return Reservation.objects.filter(pk__in=named.union(live)).select_related("stock_item")


def _movements(trail: Trail) -> QuerySet[StockMovement]:
    # Twenty of each before the union, so that each part stops along its index.
    of_item, of_reservation = (
        StockMovement.objects.filter(trail.any_of(keys, name)).order_by("-pk").values("pk")[:20]
        for keys, name in ((trail.items, "stock_item"), (trail.reservations, "reservation_id"))
    )
    return StockMovement.objects.filter(pk__in=of_item.union(of_reservation)).select_related("stock_item")


def _shortfalls(trail: Trail) -> QuerySet[Shortfall]:
    wanted = trail.any_of(trail.orders, "order_id") | trail.any_of(trail.items, "stock_item")
    return Shortfall.objects.filter(wanted).select_related("stock_item")


def _orders(trail: Trail) -> QuerySet[ShopifyOrder]:
    return ShopifyOrder.objects.filter(trail.any_of(trail.orders, "order_id"))


def _carts(trail: Trail) -> QuerySet[Cart]:
    return Cart.objects.filter(trail.any_of(trail.carts, "token"))


def _shopify_carts(trail: Trail) -> QuerySet[ShopifyCart]:
    return ShopifyCart.objects.filter(trail.any_of(trail.carts, "cart_token"))


def _variants(trail: Trail) -> QuerySet[SkuLink]:
    """By SKU, or by the number of the variant, the product or the inventory item."""
    return SkuLink.objects.filter(shop__in=trail.shops, sku=trail.text)


def _deliveries(trail: Trail) -> QuerySet[WebhookDelivery]:
    """Of an order or a cart, or the one with this id."""
    named = WebhookDelivery.objects.filter(shop__in=trail.shops, webhook_id=trail.text).values("pk")
    carts = ShopifyCart.objects.filter(trail.any_of(trail.carts, "cart_token"))
    subjects = {*trail.orders, *carts.values_list("shop", "token")[:20]}
    told = delivery_subject.about(subjects).order_by("-pk").values("pk")[:20]
    return WebhookDelivery.objects.filter(pk__in=named.union(told))


@section(StockItem, _items)
def _item(row: StockItem) -> Told:
    numbers = {"available": row.available, "on_hand": row.on_hand, "reserved": row.reserved, "flight": row.in_flight}
    text = _("%(available)d available = %(on_hand)d on hand - %(reserved)d reserved - %(flight)d in flight")
    return f"{row.sku}: {text % numbers}", row.counted_at


@section(Reservation, _reservations)
def _reservation(row: Reservation) -> Told:
    order = f" · {row.order_id}" if row.order_id else ""
    return f"{row.quantity} x {row.stock_item.sku} · {row.get_status_display()}{order} · {row.pk}", row.created_at


@section(StockMovement, _movements)
def _movement(row: StockMovement) -> Told:
    deltas = f"{row.on_hand_delta:+d} / {row.reserved_delta:+d} / {row.in_flight_delta:+d}"
    reference = f" · {row.reference}" if row.reference else ""
    return f"{row.stock_item.sku} #{row.position} · {row.get_kind_display()} · {deltas}{reference}", row.at


@section(Shortfall, _shortfalls)
def _shortfall(row: Shortfall) -> Told:
    return f"{row.quantity} x {row.stock_item.sku} · {row.order_id} · {row.resolution}".rstrip(" ·"), row.created_at


@section(ShopifyOrder, _orders)
def _order(row: ShopifyOrder) -> Told:
    return f"{row.name or row.order_id} · {row.order_id}", row.heard_at


@section(Cart, _carts)
def _cart(row: Cart) -> Told:
    return str(row.token), row.created_at


@section(ShopifyCart, _shopify_carts)
def _shopify_cart(row: ShopifyCart) -> Told:
    return f"{row.token} · {row.cart_token}", row.seen_at


@section(SkuLink, _variants)
def _variant(row: SkuLink) -> Told:
    return f"{row.sku} · {row.variant_id}", row.synced_at


@section(WebhookDelivery, _deliveries)
def _delivery(row: WebhookDelivery) -> Told:
    return f"{row.topic} · {row.get_status_display()} · {row.webhook_id}", row.received_at
