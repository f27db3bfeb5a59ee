"""Where units lie: each thing that happens to an order moves them between Shopify's inventory states.

On hand is what is available, committed, reserved, damaged, safety stock and under quality control. An order commits
available units; what is fulfilled is no longer on hand; what comes back to the shelf is available.
"""

from sandbox.shopify.entities import Level, LineItem
from sandbox.shopify.shopify import Shopify
from sandbox.shopify.store import Store


def commit(shopify: Shopify, store: Store, line: LineItem, units: int) -> None:
    """An order takes units: they are still on hand."""
    _move(shopify, store, line, available=-units, committed=units)


def fulfil(shopify: Shopify, store: Store, line: LineItem, units: int) -> None:
    """Committed units leave."""
    line.unfulfilled_quantity -= units
    line.shipped += units
    _move(shopify, store, line, available=0, committed=-units)


def take_out(shopify: Shopify, store: Store, line: LineItem, units: int, *, restock: bool, sent_back: bool) -> None:
    """Units leave the order: those that the customer has go first if they were `sent_back`, else last.

    With `restock` all of them are available again; without it the committed ones are lost.
    """
    had = line.fulfilled_quantity
    committed = max(0, units - had) if sent_back else min(units, line.unfulfilled_quantity)
    line.current_quantity -= units
    line.unfulfilled_quantity -= committed
    _move(shopify, store, line, available=units if restock else 0, committed=-committed)


def put_back(shopify: Shopify, store: Store, line: LineItem, units: int) -> None:
    """Units that were no longer the order's are available again."""
    _move(shopify, store, line, available=units, committed=0)


def correct(shopify: Shopify, store: Store, level: Level, available: int) -> None:
    """Somebody types another number of available units into Shopify's admin; no trade of the store says so."""
    level.by_hand += available - level.units["available"]
    level.units["available"] = available
    store.touch(level)
    shopify.webhooks.level(store, level)


def _move(shopify: Shopify, store: Store, line: LineItem, *, available: int, committed: int) -> None:
    if line.variant is None or not line.variant.inventory_item.tracked:
        return
    level = store.activate(line.variant.inventory_item, line.location)
    line.off_shelf -= available
    level.units["available"] += available
    level.units["committed"] += committed
    store.touch(level)
    if available:
        shopify.webhooks.level(store, level)
