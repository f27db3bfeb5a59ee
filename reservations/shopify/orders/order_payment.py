"""What an order's payment means for its units: bought, held until it is due, or neither.

A paid order buys. One that awaits its payment holds until ``payment_due_at``, unless the goods leave before the money
comes, or the shop sells as soon as an order is placed. A voided or expired payment frees the units at once; of a
cancelled order's units its refunds decide, paid or not. Until Shopify cancels an unpaid order, it keeps the order's
units ``committed``, even when they are free here.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from reservations.engine import OrderLine, SoldLine
from reservations.models import Payment, SellWhen, Shop, ShopifyOrder

from . import payment
from .bank_days import BRASILIA, end_of_day
from .payment import PaymentNews
from .payment_method import Figures, Method, due_at, method_of

_ENDED = (Payment.VOIDED, Payment.EXPIRED)
# When Shopify named them, and when each payment that was still open is due.
Terms = dict[str, Any]


def merge(row: ShopifyOrder, told: PaymentNews) -> None:
    """Add the news to the facts about the order's payment."""
    before = _decisive(row)
    row.payments = payment.join(row.payments, told.status, told.at)
    row.payment = payment.standing(row.payments)
    row.gateways = sorted({*row.gateways, *told.gateways})
    row.payment_terms = _newer_terms(row, told)
    row.placed_at = row.placed_at or told.placed_at
    # For good: an older message does not know of it.
    row.shipped = row.shipped or told.shipped
    if _decisive(row) != before:
        row.payment_due_at = None


def facts(row: ShopifyOrder) -> tuple[object, ...]:
    """The facts that the order's units depend on; what was shipped matters only until the order has bought them."""
    has_left = row.shipped if row.payment in (Payment.PENDING, *_ENDED) else None
    return (row.payment, has_left, *_decisive(row))


def settled_lines(row: ShopifyOrder, lines: Sequence[OrderLine]) -> Sequence[OrderLine]:
    """The lines that the order's payment lets it have: none once the payment has ended unpaid."""
    if row.payment in _ENDED and not (row.cancelled or row.shipped):
        return [OrderLine(line.sku, 0, 0) for line in lines]
    return lines


def held_until(row: ShopifyOrder, shop: Shop) -> datetime | None:
    """Until when the order holds its units without buying; None for one that buys. Notes in the row when it is due."""
    if row.payment != Payment.PENDING or row.cancelled or row.shipped:
        return None
    # A due time stays once it is set, whatever figures the merchant chooses for later orders.
    row.payment_due_at = row.payment_due_at or _due(row, shop)
    return row.payment_due_at if shop.sell_when == SellWhen.PAID else None


def awaited_payment(row: ShopifyOrder, at: datetime) -> bool:
    """Whether the order still awaited its payment `at` that time, as far as Shopify has told us."""
    if row.shipped or row.cancelled:
        return False
    since = payment.paid_since(row.payments)
    return row.payment == Payment.PENDING or (since is not None and since > at)


def turn(row: ShopifyOrder) -> datetime | None:
    """The order's turn among those that lack units: when it was placed, or paid if it was placed unpaid."""
    return payment.paid_since(row.payments) or row.paid_at


def committed(row: ShopifyOrder, lines: Iterable[OrderLine], sold: Iterable[SoldLine]) -> dict[str, int]:
    """The units by SKU that Shopify keeps for the order and that the order has not bought here."""
    if row.payment not in (Payment.PENDING, *_ENDED) or row.cancelled or row.shipped:
        return {}
    has = {line.sku: line.sold for line in sold}
    kept = {line.sku: line.kept - has.get(line.sku, 0) for line in lines}
    return {sku: units for sku, units in kept.items() if units > 0}


def _decisive(row: ShopifyOrder) -> tuple[object, ...]:
    return (row.gateways, row.payment_terms, row.placed_at)


def _newer_terms(row: ShopifyOrder, told: PaymentNews) -> Terms | None:
    known: Terms | None = row.payment_terms
    if told.terms is None:
        return known
    at = (told.at or payment.BEFORE_ALL).astimezone(UTC).isoformat()
    # "" for a payment that is due as the goods leave; of two messages of one second, the later due date.
    dues = sorted(due.astimezone(UTC).isoformat() if due else "" for due in told.terms)
    newer: Terms = {"at": at, "open": dues}
    return max(known, newer, key=lambda terms: (terms["at"], terms["open"])) if known else newer


def _due(row: ShopifyOrder, shop: Shop) -> datetime | None:
    placed_at = row.placed_at or row.paid_at or row.heard_at
    figures = Figures(
        shop.card_minutes, shop.pix_minutes, shop.boleto_bank_days, shop.deposit_bank_days, shop.other_bank_days
    )
    dues = (row.payment_terms or {}).get("open")
    if not dues:
        return due_at(method_of(row.gateways), placed_at, figures)
    if "" in dues:
        # Due as the goods leave: they leave before the money comes.
        return None
    day = datetime.fromisoformat(min(dues)).astimezone(BRASILIA).date()
    if day > placed_at.astimezone(BRASILIA).date():
        return end_of_day(day)
    # Due on receipt: the customer has the invoice and needs the time that a transfer takes.
    return due_at(Method.DEPOSIT, placed_at, figures)
