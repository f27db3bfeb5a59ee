"""What becomes of an order: its payment, its edits, its fulfilment, its refunds, its cancellation."""

from collections.abc import Iterable
from dataclasses import replace

from sandbox.shopify import payloads
from sandbox.shopify.entities import LineItem, Order, Refund, RefundLine, Return, Variant
from sandbox.shopify.shopify import Shopify
from sandbox.shopify.store import Store

from . import shelf
from .news import tell
from .purchase import Wanted, new_line

RESTOCKING = ("cancel", "return")
RefundedLines = Iterable[tuple[LineItem, int]]


def pay(shopify: Shopify, store: Store, order: Order) -> None:
    """The money has come, however the payment stood before: orders/paid."""
    set_payment(shopify, store, order, "PAID")


def set_payment(shopify: Shopify, store: Store, order: Order, payment: str) -> None:
    """Change how the payment stands. It moves no unit: Shopify keeps them committed until the order is cancelled."""
    order.payment = payment
    tell(shopify, store, order, *(["orders/paid"] if order.fully_paid else []))


def fulfil(shopify: Shopify, store: Store, order: Order, lines: RefundedLines) -> None:
    """Units leave for the customer."""
    for line, units in lines:
        shelf.fulfil(shopify, store, line, units)
    tell(shopify, store, order)


def cancel(
    shopify: Shopify, store: Store, order: Order, *, reason: str, restock: bool, records_refund: bool = True
) -> None:
    """Cancel an order; with `restock` what was not refunded before is available again. An unpaid one is voided.

    Without `records_refund` no refund says so, only the lines' current quantities.
    """
    order.cancelled, order.cancel_reason = store.now(), reason
    order.payment = "VOIDED" if order.payment in ("PENDING", "AUTHORIZED") else order.payment
    left = [(line, line.current_quantity) for line in order.lines if line.current_quantity]
    if not records_refund:
        for line, units in left:
            shelf.take_out(shopify, store, line, units, restock=restock, sent_back=False)
    elif left:
        refund(shopify, store, order, left, "cancel" if restock else "no_restock")
    tell(shopify, store, order, "orders/cancelled")


def refund(
    shopify: Shopify, store: Store, order: Order, lines: RefundedLines, kind: str, made_for: Return | None = None
) -> Refund:
    """Refund units of lines. `kind` cancel or return: they are available again; no_restock: they are not."""
    made = note_refund(store, order, lines, kind, made_for)
    for row in made.lines:
        shelf.take_out(
            shopify, store, row.line_item, row.quantity, restock=row.restocked, sent_back=row.kind == "return"
        )
    tell(shopify, store, order, refunds__create=payloads.refund(order, made))
    return made


def note_refund(store: Store, order: Order, lines: RefundedLines, kind: str, made_for: Return | None = None) -> Refund:
    """Write a refund into the order, whatever becomes of its units."""
    rows = [
        RefundLine(**store.birth(), line_item=line, quantity=quantity, kind=kind, location=line.location)
        for line, quantity in lines
    ]
    made = Refund(**store.birth(), lines=rows)
    order.refund_list.append(made)
    if made_for is not None:
        made_for.refund_list.append(made)
    return made


def edit(shopify: Shopify, store: Store, order: Order, line: LineItem | Variant | Wanted, delta: int) -> LineItem:
    """Change a line's quantity, or add a line: orders/edited. A paid order then lacks what was added.

    Another line of a till's order comes from the till's location, like the others.
    """
    wanted = Wanted(line, 0) if isinstance(line, Variant) else line
    location = order.retail_location or store.location
    changed = wanted if isinstance(wanted, LineItem) else new_line(store, replace(wanted, quantity=0), location)
    if changed not in order.lines:
        order.lines.append(changed)
    if delta > 0:
        _add(shopify, store, order, changed, delta)
    else:
        shelf.take_out(shopify, store, changed, -delta, restock=True, sent_back=False)
    order.edited = True
    store.touch(order)
    row = [{"id": changed.number, "delta": abs(delta)}]
    body = payloads.order_edit(order, store.birth(), row if delta > 0 else [], row if delta < 0 else [])
    tell(shopify, store, order, orders__edited=body)
    return changed


def _add(shopify: Shopify, store: Store, order: Order, line: LineItem, units: int) -> None:
    line.current_quantity += units
    line.unfulfilled_quantity += units
    # Shopify's quantity includes the units that were refunded and removed, so each unit that is added is one more.
    line.quantity += units
    shelf.commit(shopify, store, line, units)
    order.payment = "PARTIALLY_PAID" if order.fully_paid else order.payment
