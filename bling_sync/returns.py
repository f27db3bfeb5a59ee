"""Returns: cancel units that Bling has not heard of, and book the others back in."""

from reservations.erp import Return, Transaction

from .models import Mode, PushState

# Locked, so that no worker claims the sale between this look and the cancellation.
_SALE = """
SELECT id, mode, state, quantity - cancelled FROM bling_sync_push
WHERE shop_id = %s AND kind = 'sale' AND reservation_id = %s
FOR NO KEY UPDATE
"""
# Every right-hand side sees the row as it was, so each adds the units anew.
_CANCEL = """
UPDATE bling_sync_push
SET cancelled = cancelled + %s,
    state = CASE WHEN cancelled + %s = quantity THEN 'cancelled' ELSE state END,
    ended_at = CASE WHEN cancelled + %s = quantity THEN clock_timestamp() ELSE ended_at END
WHERE shop_id = %s AND id = %s
"""
_TELL = """
INSERT INTO bling_sync_push
    (shop_id, key, kind, mode, state, stock_item_id, product_id, reservation_id, order_id, reference, quantity,
     cancelled, created_at, attempts, next_attempt_at, evidence, error, by_reservation)
SELECT c.shop_id, gen_random_uuid(), 'return', %s, 'pending', p.stock_item_id, p.id, %s, %s, %s, %s, 0, %s, 0, %s, '',
    '', FALSE
FROM bling_sync_connection AS c
JOIN bling_sync_product AS p ON p.shop_id = c.shop_id AND p.stock_item_id = %s
WHERE c.shop_id = %s AND c.state <> 'disconnected' AND %s <> 'observe'
"""
_MODE = "SELECT mode FROM bling_sync_connection WHERE shop_id = %s"
_UNTOLD = (PushState.PENDING, PushState.FAILED, PushState.WITHHELD)


def push_return(tx: Transaction, shop_id: int, one: Return) -> None:
    """Cancel the units in the sale's own row while Bling has not heard of it, or write the row that books them back in.

    Where Bling imports the orders it learns of the cancellation too: the row drops the units and we send nothing.
    """
    sale = tx.fetch(_SALE, (shop_id, one.reservation_id))
    if not sale:
        # Sold before Bling was connected or had the product: there is nothing to cancel, only units that came back.
        modes = tx.fetch(_MODE, (shop_id,))
        if modes:
            _tell(tx, shop_id, one, modes[0][0])
        return
    push_id, mode, state, units = sale[0]
    if mode == Mode.OBSERVE or state in _UNTOLD:
        cancelled = min(units, one.quantity)
        tx.queue(_CANCEL, (cancelled, cancelled, cancelled, shop_id, push_id))
    elif state != PushState.CANCELLED:
        _tell(tx, shop_id, one, mode)


def _tell(tx: Transaction, shop_id: int, one: Return, mode: str) -> None:
    row = (mode, one.reservation_id, one.order_id, one.reference, one.quantity, one.at, one.at)
    tx.queue(_TELL, (*row, one.stock_item_id, shop_id, mode))
