"""The port: Bling as the ERP that listens to the stock.

Everything here runs inside the engine's transaction, under the lock of the stock row: few statements, no ORM, no HTTP.
A shop without a connection to Bling is treated as one without an ERP.
"""

from collections.abc import Sequence
from datetime import datetime

from bling_sync import in_flight, manual_counts
from bling_sync.returns import push_return
from bling_sync.worker_nudge import nudger
from reservations.erp import InFlight, Return, Sale, Transaction

# Bling never learns of a SKU that it does not have; before the first import we do not know which those are, so every
# sale gets a row. A sale that Bling must not hear of gets a row too, which says so: no reading will ever show it, so
# its units stay in flight until they come back. Where Bling imports the orders itself, Bling decides what it takes.
_SOLD = """
INSERT INTO bling_sync_push
    (shop_id, key, kind, mode, state, stock_item_id, product_id, reservation_id, order_id, reference, quantity,
     cancelled, created_at, attempts, next_attempt_at, evidence, error, by_reservation)
SELECT c.shop_id, gen_random_uuid(), 'sale', c.mode,
    CASE WHEN s.is_told OR c.mode = 'observe' THEN 'pending' ELSE 'withheld' END,
    s.item_id, p.id, s.reservation_id, s.order_id, '', s.quantity, 0, s.at, 0, s.at, '', '', FALSE
FROM unnest(%s::bigint[], %s::uuid[], %s::text[], %s::int[], %s::timestamptz[], %s::bool[])
    AS s(item_id, reservation_id, order_id, quantity, at, is_told)
JOIN bling_sync_connection AS c ON c.shop_id = %s AND c.state <> 'disconnected'
LEFT JOIN bling_sync_product AS p ON p.shop_id = c.shop_id AND p.stock_item_id = s.item_id
WHERE p.id IS NOT NULL OR c.imported_at IS NULL
"""


class BlingErp:
    """Writes the outbox, and knows which sales a reading of Bling's cannot show."""

    def moved(self, tx: Transaction, shop_id: int, sales: Sequence[Sale], returns: Sequence[Return]) -> None:
        """Write an outbox row for each sale; a return takes units out of an unsent row, or gets one of its own."""
        if sales:
            columns = (
                [sale.stock_item_id for sale in sales],
                [sale.reservation_id for sale in sales],
                [sale.order_id for sale in sales],
                [sale.quantity for sale in sales],
                [sale.at for sale in sales],
                [sale.is_told for sale in sales],
            )
            tx.queue(_SOLD, (*columns, shop_id))
        for one in returns:
            push_return(tx, shop_id, one)

    def in_flight(self, tx: Transaction, shop_id: int, stock_item_id: int, read_started_at: datetime) -> InFlight:
        """Net units sold that a reading of Bling's, begun at `read_started_at`, does not show."""
        return in_flight.in_flight(tx, shop_id, stock_item_id, read_started_at)

    def committed(self, shop_id: int) -> None:
        """Nudge a worker; if the nudge gets lost, the sweeper finds the rows."""
        nudger.nudge(shop_id)

    def counted(self, shop_id: int, sku: str, quantity: int) -> str:
        """Say what Bling's next reading will make of the count."""
        return manual_counts.note_manual_count(shop_id, sku, quantity)
