"""Read what a webhook, or Shopify's answer, tells about an order's payment."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from reservations.shopify.webhooks import payload_reader
from reservations.shopify.webhooks.headers import moment
from reservations.shopify.webhooks.payload_reader import Payload

from .payment import PaymentNews

_SHIPPED = {"fulfilled", "partial", "partially_fulfilled"}
# More names or payments than any order has.
_MOST = 50
_LONGEST_NAME = 255


def by_webhook(payload: Payload, topic: str) -> PaymentNews:
    """The news in an order's payload. Raises InvalidPayload."""
    # The topic itself says so.
    status = "paid" if topic == "orders/paid" else payload_reader.text(payload, "financial_status")
    terms = payload.get("payment_terms")
    schedules = payload_reader.rows(terms, "payment_schedules") if isinstance(terms, Mapping) else None
    return PaymentNews(
        at=payload_reader.time(payload, "updated_at"),
        status=status.lower(),
        gateways=_names(payload.get("payment_gateway_names")),
        terms=_open(schedules, "due_at", "completed_at"),
        placed_at=moment(payload_reader.text(payload, "created_at")),
        shipped=has_shipped(payload_reader.text(payload, "fulfillment_status")),
    )


def by_answer(node: Mapping[str, Any]) -> PaymentNews:
    """The news in Shopify's answer about an order. Raises InvalidPayload."""
    terms = node.get("paymentTerms")
    schedules = (terms.get("paymentSchedules") or {}).get("nodes") if terms else None
    return PaymentNews(
        at=payload_reader.time(node, "updatedAt"),
        status=payload_reader.text(node, "displayFinancialStatus").lower(),
        gateways=_names(node.get("paymentGatewayNames")),
        terms=_open(schedules, "dueAt", "completedAt"),
        placed_at=payload_reader.time(node, "createdAt"),
        shipped=has_shipped(payload_reader.text(node, "displayFulfillmentStatus")),
    )


def has_shipped(fulfilment: str) -> bool:
    """Whether units have left for the customer, by a webhook's or an answer's word for it."""
    return fulfilment.lower() in _SHIPPED


def _names(told: object) -> Sequence[str]:
    named = told if isinstance(told, list) else []
    return [name[:_LONGEST_NAME] for name in named[:_MOST] if isinstance(name, str)]


def _open(schedules: Iterable[Payload] | None, due: str, completed: str) -> Sequence[datetime | None] | None:
    if schedules is None:
        return None
    return [moment(str(one.get(due) or "")) for one in schedules if not one.get(completed)][:_MOST]
