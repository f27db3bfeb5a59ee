"""Find the listed orders of which we miss something."""

from collections.abc import Sequence

from reservations.models import Payment, ShopifyOrder
from reservations.shopify.orders import payment

from .changed_orders import Listed


def missed_order_ids(shop_id: int, listed: Sequence[Listed]) -> list[str]:
    """The ids of the orders that we have to ask Shopify for."""
    ids = [order.order_id for order in listed]
    known = {row.order_id: row for row in ShopifyOrder.objects.filter(shop=shop_id, order_id__in=ids)}
    return [order.order_id for order in listed if _is_missed(order, known.get(order.order_id))]


def _is_missed(order: Listed, known: ShopifyOrder | None) -> bool:
    # We may know a refund or an edit without the order itself.
    if known is None or known.lines_at is None:
        return True
    if order.cancelled and not known.cancelled:
        return True
    if payment.standing(payment.join(known.payments, order.payment, order.updated_at)) != known.payment:
        return True
    # What leaves before it is paid is bought all the same.
    if order.shipped and not known.shipped and known.payment != Payment.PAID:
        return True
    # Each refund, edit and exchange that moves a unit changes one of the sums, so the list need not name them.
    if (order.ordered, order.current) != _units(known):
        return True
    # Two changes may cancel each other out in the sums, and what became of a return's units shows in neither.
    return (order.edited or order.returned) and known.lines_at < order.updated_at


def _units(known: ShopifyOrder) -> tuple[int, int]:
    if known.ordered_units is not None and known.current_units is not None:
        return known.ordered_units, known.current_units
    ordered = sum(line["quantity"] for line in known.lines.values())
    return ordered, ordered - sum(line["removed"] for line in known.lines.values())
