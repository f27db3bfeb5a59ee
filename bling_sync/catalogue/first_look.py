"""A first look at how many products there are, so that the first import can be estimated too.

Bling gives no total, but a page beyond the end is empty: pages twice as far each time find one, and halving comes close
to the last. A company of 10,000 products takes eleven calls, one of a hundred a single one.
"""

from bling_sync.client.bling_api import Bling
from bling_sync.resources import products

MOST_PAGES = 10_000
# Closer than one in so many pages says no more to somebody who waits.
CLOSE_ENOUGH = 8


def products_seen(bling: Bling) -> int:
    """About how many active products there are. Raises what `Bling.get` raises."""
    last, rows, beyond = 1, products.page(bling, 1, 0).rows, 2
    if rows < products.PAGE:
        return rows
    while beyond < MOST_PAGES and (found := products.page(bling, beyond, 0).rows):
        last, rows, beyond = beyond, found, beyond * 2
    while beyond - last > max(1, last // CLOSE_ENOUGH):
        middle = (last + beyond) // 2
        found = products.page(bling, middle, 0).rows
        last, rows, beyond = (middle, found, beyond) if found else (last, rows, middle)
    if beyond - last == 1:
        return (last - 1) * products.PAGE + rows
    return (last + beyond) // 2 * products.PAGE
