"""Find the listed orders of which we miss something."""

from collections.abc import Sequence
from datetime import datetime

from reservations.models import ShopifyOrder

from .changed_orders import Listed


def missed_order_ids(shop_id: int, listed: Sequence[Listed], installed_at: datetime) -> list[str]:
    """The ids of the orders that we have to ask Shopify for.

    We ignore an unknown order from before the installation: its units left before we counted.
    """
    ids = [order.order_id for order in listed]
    known = {row.order_id: row for row in ShopifyOrder.objects.filter(shop=shop_id, order_id__in=ids)}
    return [order.order_id for order in listed if _is_missed(order, known.get(order.order_id), installed_at)]


def _is_missed(order: Listed, known: ShopifyOrder | None, installed_at: datetime) -> bool:
    # We may know a refund or an edit without the order itself.
    if known is None or known.lines_at is None:
        return order.created_at >= installed_at
    if order.cancelled and not known.cancelled:
        return True
    # The list does not name edits, so we want the newest lines of any edited order.
    return bool(order.refunds - known.refunds.keys()) or (order.edited and known.lines_at < order.updated_at)
