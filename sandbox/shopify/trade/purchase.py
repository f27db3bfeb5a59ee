"""Placing an order: by a buyer in the store or at a till, from a draft, or as the next one of a subscription."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sandbox.shopify import payloads
from sandbox.shopify.entities import LineItem, LineItemGroup, Location, Order, Variant
from sandbox.shopify.shopify import Shopify
from sandbox.shopify.store import Store

from . import shelf

POS = "pos"


@dataclass(frozen=True)
class Wanted:
    """A line as it is asked for. Without a variant it is a custom item. Lines of one `bundle` are its components."""

    variant: Variant | None
    quantity: int
    properties: Mapping[str, str] = field(default_factory=dict)
    sku: str | None = None
    bundle: str | None = None


@dataclass(frozen=True)
class Circumstances:
    """How an order comes about. `source`: web, pos, shopify_draft_order, subscription_contract, ..."""

    attributes: Mapping[str, str] = field(default_factory=dict)
    cart_token: str | None = None
    payment: str = "PAID"
    gateways: tuple[str, ...] = ()
    terms_due: datetime | None = None
    source: str = "web"
    location: Location | None = None
    test: bool = False


def buy(shopify: Shopify, store: Store, lines: Iterable[Wanted], how: Circumstances) -> Order:
    """Place an order: orders/create, and orders/paid when it is paid. What a till sells has left at once."""
    order = Order(
        **store.birth(),
        lines=_lines(store, lines, how.location or store.location),
        cart_token=how.cart_token,
        checkout_token=how.cart_token and f"checkout-{how.cart_token}",
        custom_attributes=attribute_pairs(how.attributes),
        payment=how.payment,
        payment_gateway_names=list(how.gateways),
        terms_due=how.terms_due,
        source_name=how.source,
        retail_location=how.location if how.source == POS else None,
        test=how.test,
    )
    store.orders[order.number] = order
    for line in order.lines:
        shelf.commit(shopify, store, line, line.quantity)
        if how.source == POS:
            shelf.fulfil(shopify, store, line, line.quantity)
    shopify.webhooks.send(store, "orders/create", payloads.order(order))
    if order.fully_paid:
        shopify.webhooks.send(store, "orders/paid", payloads.order(order))
    return order


def new_line(store: Store, wanted: Wanted, location: Location, group: LineItemGroup | None = None) -> LineItem:
    """A line that has no units committed yet."""
    return LineItem(
        **store.birth(),
        variant=wanted.variant,
        quantity=wanted.quantity,
        current_quantity=wanted.quantity,
        unfulfilled_quantity=wanted.quantity,
        location=location,
        custom_attributes=attribute_pairs(wanted.properties),
        custom_sku=wanted.sku,
        line_item_group=group,
    )


def attribute_pairs(values: Mapping[str, str]) -> list[dict[str, str]]:
    """Attributes as GraphQL lists them."""
    return [{"key": key, "value": value} for key, value in values.items()]


def _lines(store: Store, lines: Iterable[Wanted], location: Location) -> list[LineItem]:
    groups: dict[str, LineItemGroup] = {}
    made = []
    for wanted in lines:
        if wanted.bundle is not None and wanted.bundle not in groups:
            groups[wanted.bundle] = LineItemGroup(**store.birth(), title=wanted.bundle, quantity=1)
        made.append(new_line(store, wanted, location, groups.get(wanted.bundle or "")))
    return made
