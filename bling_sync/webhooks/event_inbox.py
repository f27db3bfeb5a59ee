"""Stores an event by its id, for each shop of its company, reduced to what we use."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from bling_sync.resources.answer_values import identifier, label, number, part, text
from bling_sync.resources.sales_orders import situation_of
from plumbing import sql

# Beyond these a date is no date of an event, and one at the edge of time cannot be read back from the database.
_EARLIEST, _LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
_STORE = """
INSERT INTO bling_sync_webhookevent
    (shop_id, event_id, event, happened_at, received_at, product_id, deposit_id, operation, quantity, bling_order_id,
     store_number, situation)
SELECT c.shop_id, %s, %s, %s, clock_timestamp(), %s, %s, %s, %s, %s, %s, %s
FROM bling_sync_connection AS c WHERE c.company_id = %s AND c.state <> 'disconnected'
ON CONFLICT (shop_id, event_id) DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Event:
    """What is kept of an event. Personal data is not."""

    company_id: str
    event_id: str
    event: str
    happened_at: datetime | None
    product_id: int | None
    deposit_id: int | None
    operation: str
    quantity: Decimal | None
    bling_order_id: int | None
    store_number: str
    situation: int | None


def parse(body: bytes) -> Event | None:
    """The event in these bytes, None when there is none."""
    try:
        envelope = json.loads(body, parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError):
        return None
    if not isinstance(envelope, dict):
        return None
    event_id, event = label(envelope.get("eventId"), 100), text(envelope.get("event"), 64)
    company_id, data = label(envelope.get("companyId"), 64), part(envelope, "data")
    if not event_id or not event or not company_id:
        return None
    return Event(company_id, event_id, event, _moment(envelope.get("date")), *_kept(event.partition(".")[0], data))


def store(event: Event) -> bool:
    """Write it down for each shop of its company; False when nobody here knows it, or it was there before."""
    values = (
        *(event.event_id, event.event, event.happened_at, event.product_id, event.deposit_id, event.operation),
        *(event.quantity, event.bling_order_id, event.store_number, event.situation, event.company_id),
    )
    return bool(sql.execute(_STORE, values))


def _kept(resource: str, data: dict[str, Any]) -> tuple[Any, ...]:
    if resource in ("stock", "virtual_stock"):
        operation = text(data.get("operacao"), 1)
        product, deposit = identifier(part(data, "produto").get("id")), identifier(part(data, "deposito").get("id"))
        return product, deposit, operation, number(data.get("quantidade")), None, "", None
    if resource == "order":
        store_number = label(data.get("numeroLoja"))
        return None, None, "", None, identifier(data.get("id")), store_number, situation_of(data)
    product = identifier(data.get("id")) if resource == "product" else None
    return product, None, "", None, None, "", None


def _moment(value: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    if found is None:
        return None
    found = found.replace(tzinfo=found.tzinfo or UTC)
    return found if _EARLIEST < found < _LATEST else None
