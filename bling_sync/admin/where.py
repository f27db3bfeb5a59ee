"""Bling's tables on the page "Where is ...?"."""

from datetime import datetime

from django.db.models import QuerySet

from bling_sync.models import Difference, Product, Push, PushKind, WebhookEvent
from reservations.admin.where import Trail, section, start

Told = tuple[str, datetime | None]


@start
def _by_key(trail: Trail) -> None:
    """By a push's key, which Bling's screens show."""
    if trail.uuid is not None:
        known = Push.objects.filter(shop__in=trail.shops, key=trail.uuid)
        trail.reservations.update(known.values_list("shop", "reservation_id")[:20])


@start
def _by_event(trail: Trail) -> None:
    """By the id of an event: the order that it speaks of."""
    known = WebhookEvent.objects.filter(shop__in=trail.shops, event_id=trail.text).exclude(store_number="")
    trail.orders.update(known.values_list("shop", "store_number")[:20])


def _pushes(trail: Trail) -> QuerySet[Push]:
    """Open pushes for a SKU; every push for a reservation or an order."""
    ways = (
        Push.objects.filter(trail.any_of(trail.items, "stock_item")).exclude(state__in=("settled", "cancelled")),
        # An index for each kind.
        *(
            Push.objects.filter(trail.any_of(trail.reservations, "reservation_id"), kind=kind)
            for kind in PushKind.values
        ),
        Push.objects.filter(trail.any_of(trail.orders, "order_id")),
    )
    first, *others = (rows.values("pk") for rows in ways)
    return Push.objects.filter(pk__in=first.union(*others)).select_related("stock_item")


def _products(trail: Trail) -> QuerySet[Product]:
    return Product.objects.filter(trail.any_of(trail.items, "stock_item"))


def _differences(trail: Trail) -> QuerySet[Difference]:
    return Difference.objects.filter(trail.any_of(trail.items, "stock_item")).select_related("stock_item")


def _events(trail: Trail) -> QuerySet[WebhookEvent]:
    named = WebhookEvent.objects.filter(shop__in=trail.shops, event_id=trail.text).values("pk")
    of_order = WebhookEvent.objects.filter(trail.any_of(trail.orders, "store_number")).values("pk")
    return WebhookEvent.objects.filter(pk__in=named.union(of_order))


@section(Push, _pushes)
def _push(push: Push) -> Told:
    order = f" · {push.order_id}" if push.order_id else ""
    return (
        f"{push.units} x {push.stock_item.sku} · {push.get_kind_display()} · {push.get_state_display()}{order}",
        push.created_at,
    )


@section(Product, _products)
def _product(product: Product) -> Told:
    figure = "?" if product.virtual is None else f"{product.virtual.normalize():f}"
    return f"{product.sku}: {figure} · {product.name}", product.read_started_at


@section(Difference, _differences)
def _difference(row: Difference) -> Told:
    units = f"{(row.bling - row.expected).normalize():+f}"
    return f"{row.stock_item.sku}: {units} · {row.get_cause_display()}", row.seen_at


@section(WebhookEvent, _events)
def _event(event: WebhookEvent) -> Told:
    return f"{event.event} · {event.event_id}", event.received_at
