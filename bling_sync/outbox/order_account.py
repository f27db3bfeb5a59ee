"""What each order of ours needs to know of the account, cached: reading it per sale would eat half of the pace."""

from django.core.cache import cache

from bling_sync.client.bling_api import Bling
from bling_sync.models import Connection
from bling_sync.resources import sales_orders

# Each worker process reads it for itself. A merchant who changes the way to pay waits as long as this.
KEPT_SECONDS = 600


def counter_of(known: Connection, bling: Bling) -> sales_orders.CounterSale:
    """The account's counter, as read within the last ten minutes. Raises as `sales_orders.counter` does."""
    kept = cache.get(_key(known))
    if isinstance(kept, sales_orders.CounterSale):
        return kept
    found = sales_orders.counter(bling)
    cache.set(_key(known), found, KEPT_SECONDS)
    return found


def forget_counter(known: Connection) -> None:
    """Bling refused an order: perhaps for what was kept."""
    cache.delete(_key(known))


def _key(known: Connection) -> str:
    return f"bling-counter:{known.shop_id}:{known.company_id}"
