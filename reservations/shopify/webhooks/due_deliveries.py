"""Which deliveries are due: those of two kinds, that move stock and that change the catalogue.

A merchant who imports ten thousand products causes tens of thousands of deliveries within minutes. They are found
apart, so that they hold up no order.
"""

from collections.abc import Collection
from enum import Enum

from django.db import connection

from .handler import ApplyTogether
from .topics import HANDLERS

# As many as a worker looks at at once: it, and another beside it, finds several batches in them.
WINDOW = 400


class Kind(Enum):
    """A kind, with the condition on its topics. The index ``delivery_due_stock`` has the first one's."""

    STOCK = "NOT topic LIKE 'products/%%' AND NOT topic LIKE 'inventory%%'"
    CATALOGUE = "(topic LIKE 'products/%%' OR topic LIKE 'inventory%%')"


def statement(kind: Kind) -> str:
    """The statement that finds due deliveries; its values: the shop, the ids to leave out, and the most."""
    return f"""
SELECT id, topic, attempts FROM reservations_webhookdelivery
WHERE shop_id = %s AND status = 'pending' AND next_attempt_at <= clock_timestamp() AND id <> ALL(%s) AND {kind.value}
ORDER BY next_attempt_at, id LIMIT %s
"""  # noqa: S608 - made of our own texts


def due_ids(shop_id: int, kind: Kind, left_out: Collection[int] = ()) -> dict[ApplyTogether | None, list[int]]:
    """The ids of the kind's due deliveries, the longest due first, by what applies them together (None: alone).

    What has failed once is alone, so that it spoils no second batch.
    """
    with connection.cursor() as cursor:
        cursor.execute(statement(kind), [shop_id, list(left_out), WINDOW])
        rows = cursor.fetchall()
    found: dict[ApplyTogether | None, list[int]] = {}
    for delivery_id, topic, attempts in rows:
        handler = HANDLERS.get(topic)
        together = handler.together if handler and not attempts else None
        found.setdefault(together, []).append(delivery_id)
    return found
