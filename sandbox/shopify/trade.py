"""What buyers and merchants do: buy, pay, edit, cancel, refund. Each moves inventory and sends its webhook."""

from collections.abc import Iterable, Mapping

from sandbox.shopify import payloads
from sandbox.shopify.entities import Level, LineItem, Order, Refund, RefundLine, Variant
from sandbox.shopify.shopify import Shopify
from sandbox.shopify.store import Store

RESTOCKING = ("cancel", "return")


def buy(
    shopify: Shopify,
    store: Store,
    lines: Iterable[tuple[Variant, int, Mapping[str, str]]],
    *,
    attributes: Mapping[str, str],
    cart_token: str | None,
    paid: bool,
    source: str = "web",
) -> Order:
    """Place an order of (variant, quantity, properties) lines: orders/create, and orders/paid when it is paid."""
    order = Order(
        **store.birth(),
        lines=[_line(store, variant, quantity, properties) for variant, quantity, properties in lines],
        cart_token=cart_token,
        checkout_token=cart_token and f"checkout-{cart_token}",
        custom_attributes=_attributes(attributes),
        paid=paid,
        source_name=source,
    )
    store.orders[order.number] = order
    for line in order.lines:
        _commit(shopify, store, line.variant, line.quantity)
    shopify.webhooks.send(store, "orders/create", payloads.order(order))
    if paid:
        shopify.webhooks.send(store, "orders/paid", payloads.order(order))
    return order


def pay(shopify: Shopify, store: Store, order: Order) -> None:
    """The money has come."""
    order.paid = True
    store.touch(order)
    shopify.webhooks.send(store, "orders/paid", payloads.order(order))


def cancel(shopify: Shopify, store: Store, order: Order, *, reason: str, restock: bool) -> None:
    """Cancel an order; with `restock` what was not refunded before is available again."""
    order.cancelled, order.cancel_reason = store.now(), reason
    store.touch(order)
    left = [(line, line.current_quantity) for line in order.lines if line.current_quantity]
    kind = "cancel" if restock else "no_restock"
    if left:
        refund(shopify, store, order, left, kind)
    shopify.webhooks.send(store, "orders/cancelled", payloads.order(order))


def refund(shopify: Shopify, store: Store, order: Order, lines: Iterable[tuple[LineItem, int]], kind: str) -> Refund:
    """Refund units of lines. `kind` cancel or return: they are available again; no_restock: they are not."""
    rows = [
        RefundLine(**store.birth(), line_item=line, quantity=quantity, kind=kind, location=store.location)
        for line, quantity in lines
    ]
    made = Refund(**store.birth(), lines=rows)
    order.refund_list.append(made)
    for row in rows:
        row.line_item.current_quantity -= row.quantity
        row.line_item.unfulfilled_quantity -= row.quantity
        _uncommit(shopify, store, row.line_item.variant, row.quantity, restock=row.restocked)
    store.touch(order)
    shopify.webhooks.send(store, "refunds/create", payloads.refund(order, made))
    return made


def edit(shopify: Shopify, store: Store, order: Order, line: LineItem | Variant, delta: int) -> LineItem:
    """Change a line's quantity, or add a line of a variant: orders/edited."""
    changed = line if isinstance(line, LineItem) else _line(store, line, 0, {})
    if changed not in order.lines:
        order.lines.append(changed)
    changed.current_quantity += delta
    changed.unfulfilled_quantity += delta
    changed.quantity = max(changed.quantity, changed.current_quantity)
    if delta > 0:
        _commit(shopify, store, changed.variant, delta)
    else:
        _uncommit(shopify, store, changed.variant, -delta, restock=True)
    order.edited = True
    store.touch(order)
    row = [{"id": changed.number, "delta": abs(delta)}]
    body = payloads.order_edit(order, store.birth(), row if delta > 0 else [], row if delta < 0 else [])
    shopify.webhooks.send(store, "orders/edited", body)
    return changed


def _line(store: Store, variant: Variant, quantity: int, properties: Mapping[str, str]) -> LineItem:
    return LineItem(
        **store.birth(),
        variant=variant,
        quantity=quantity,
        current_quantity=quantity,
        unfulfilled_quantity=quantity,
        custom_attributes=_attributes(properties),
    )


def _attributes(values: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in values.items()]


def _commit(shopify: Shopify, store: Store, variant: Variant, quantity: int) -> None:
    _move(shopify, store, variant, available=-quantity, committed=quantity)


def _uncommit(shopify: Shopify, store: Store, variant: Variant, quantity: int, *, restock: bool) -> None:
    _move(shopify, store, variant, available=quantity if restock else 0, committed=-quantity)


def _move(shopify: Shopify, store: Store, variant: Variant, *, available: int, committed: int) -> None:
    if not variant.inventory_item.tracked:
        return
    level: Level = store.activate(variant.inventory_item, store.location)
    level.units["available"] += available
    level.units["committed"] += committed
    store.touch(level)
    if available:
        shopify.webhooks.level(store, level)
