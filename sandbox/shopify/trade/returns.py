"""What a customer sends back: a return is opened, processed unit by unit, perhaps exchanged, and closed.

Only units disposed as RESTOCKED are on the shelf; what is PROCESSING_REQUIRED waits until it is disposed again. A
refund of a return pays money back, and its units are on the shelf once, whichever of the two said so first.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sandbox.shopify import payloads
from sandbox.shopify.entities import (
    Disposition,
    ExchangeLineItem,
    FulfillmentLineItem,
    LineItem,
    Order,
    Return,
    ReturnLineItem,
    ReverseFulfillmentOrder,
    ReverseLine,
    Variant,
)
from sandbox.shopify.shopify import Shopify
from sandbox.shopify.store import Store

from . import shelf
from .news import tell
from .order_changes import note_refund
from .purchase import Wanted, new_line

Exchanges = Iterable[tuple[Variant, int]]


@dataclass(frozen=True)
class Processing:
    """What the merchant says about units of a return's line. `refund`: the restock type of its refund, None without."""

    line: ReturnLineItem
    dispositions: Mapping[str, int]
    refund: str | None = None


def open_return(
    shopify: Shopify,
    store: Store,
    order: Order,
    lines: Iterable[tuple[LineItem, int]],
    exchanges: Exchanges = (),
    *,
    confirms: bool = False,
) -> Return:
    """Open a return: returns/approve. With `confirms` the exchanges are lines of the order already."""
    fulfilled = [FulfillmentLineItem(**store.birth(), line_item=line, quantity=units) for line, units in lines]
    made = Return(
        **store.birth(),
        order=order,
        ordinal=len(store.returns_of(order)) + 1,
        lines=[ReturnLineItem(**store.birth(), fulfillment_line_item=one, quantity=one.quantity) for one in fulfilled],
        exchanges=[ExchangeLineItem(**store.birth(), variant=variant, quantity=units) for variant, units in exchanges],
        reverse_orders=[
            ReverseFulfillmentOrder(
                **store.birth(),
                order=order,
                lines=[
                    ReverseLine(**store.birth(), fulfillment_line_item=one, total_quantity=one.quantity)
                    for one in fulfilled
                ],
            )
        ],
    )
    store.returns[made.number] = made
    store.reverse_orders |= {one.number: one for one in made.reverse_orders}
    if confirms:
        _confirm(shopify, store, made)
    tell(shopify, store, order, returns__approve=payloads.returned(made))
    return made


def process(shopify: Shopify, store: Store, made: Return, rows: Iterable[Processing], *, confirms: bool = True) -> None:
    """Say what became of units, pay back, and confirm the exchanges: returns/process."""
    known = list(rows)
    for row in known:
        _dispose_first(shopify, store, made, row)
    others = {}
    for kind in dict.fromkeys(row.refund for row in known if row.refund):
        lines = [(row.line.line, sum(row.dispositions.values())) for row in known if row.refund == kind]
        others["refunds__create"] = payloads.refund(made.order, note_refund(store, made.order, lines, kind, made))
    if confirms:
        _confirm(shopify, store, made)
    store.touch(made)
    _say_disposed(shopify, store, made)
    tell(shopify, store, made.order, returns__process=payloads.returned(made), **others)


def dispose(shopify: Shopify, store: Store, made: Return, line: ReturnLineItem, kind: str, units: int) -> None:
    """Finish units that still needed processing: only reverse_fulfillment_orders/dispose says so."""
    reverse = _reverse_line(made, line)
    left = units
    for known in [one for one in reverse.dispositions if one.type == "PROCESSING_REQUIRED"]:
        some = min(left, known.quantity)
        known.quantity, left = known.quantity - some, left - some
    reverse.dispositions = [one for one in reverse.dispositions if one.quantity]
    _note(store, reverse, kind, units, line.line)
    if kind == "RESTOCKED":
        shelf.put_back(shopify, store, line.line, units)
    store.touch(made, made.order)
    _say_disposed(shopify, store, made)


def pay_back(shopify: Shopify, store: Store, made: Return, line: ReturnLineItem, kind: str, units: int) -> None:
    """Refund units of a return, before or after they were processed: refunds/create.

    Units that were not processed leave the order with it, and are on the shelf at once where `kind` restocks.
    """
    early = max(0, units - max(0, line.processed_quantity - line.refunded_quantity))
    line.refunded_quantity += units
    if early:
        restock = kind != "no_restock"
        shelf.take_out(shopify, store, line.line, early, restock=restock, sent_back=True)
        _note(store, _reverse_line(made, line), "RESTOCKED" if restock else "NOT_RESTOCKED", early, line.line)
        line.processed_quantity += early
    refund = note_refund(store, made.order, [(line.line, units)], kind, made)
    tell(shopify, store, made.order, refunds__create=payloads.refund(made.order, refund))


def end(shopify: Shopify, store: Store, made: Return, status: str) -> None:
    """The return is CLOSED, CANCELED, or OPEN again: returns/close, returns/cancel, returns/reopen."""
    made.status = status
    made.closed = store.now() if status == "CLOSED" else None
    store.touch(made)
    topic = {"CLOSED": "returns/close", "CANCELED": "returns/cancel", "OPEN": "returns/reopen"}[status]
    shopify.webhooks.send(store, topic, payloads.returned(made))
    tell(shopify, store, made.order)


def exchange_at_till(
    shopify: Shopify, store: Store, order: Order, lines: Iterable[tuple[LineItem, int]], exchanges: Exchanges
) -> Return:
    """A till takes units back and hands others over: one act, without an edit and without a refund of lines."""
    made = open_return(shopify, store, order, lines, exchanges)
    rows = [Processing(line, {"RESTOCKED": line.quantity}) for line in made.lines]
    process(shopify, store, made, rows)
    for one in made.exchanges:
        for line in one.line_items:
            shelf.fulfil(shopify, store, line, line.quantity)
    tell(shopify, store, order)
    return made


def _dispose_first(shopify: Shopify, store: Store, made: Return, row: Processing) -> None:
    reverse = _reverse_line(made, row.line)
    for kind, units in row.dispositions.items():
        restock = kind == "RESTOCKED"
        shelf.take_out(shopify, store, row.line.line, units, restock=restock, sent_back=True)
        _note(store, reverse, kind, units, row.line.line)
        row.line.processed_quantity += units
        row.line.refunded_quantity += units if row.refund else 0


def _confirm(shopify: Shopify, store: Store, made: Return) -> None:
    for one in made.exchanges:
        if one.line_item is None:
            location = made.order.retail_location or store.location
            one.line_item = new_line(store, Wanted(one.variant, one.quantity), location)
            made.order.lines.append(one.line_item)
            shelf.commit(shopify, store, one.line_item, one.quantity)


def _note(store: Store, reverse: ReverseLine, kind: str, units: int, line: LineItem) -> None:
    reverse.dispositions.append(Disposition(**store.birth(), type=kind, quantity=units, location=line.location))


def _reverse_line(made: Return, line: ReturnLineItem) -> ReverseLine:
    every = (known for order in made.reverse_orders for known in order.lines)
    return next(known for known in every if known.fulfillment_line_item is line.fulfillment_line_item)


def _say_disposed(shopify: Shopify, store: Store, made: Return) -> None:
    for order in made.reverse_orders:
        shopify.webhooks.send(store, "reverse_fulfillment_orders/dispose", payloads.reverse_order(order))
