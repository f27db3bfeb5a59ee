"""Follow links: a stock item sells without stock where every variant of its SKU at Shopify does."""

from collections.abc import Sequence

from .book import Query, committed_reads, open_book
from .book.transaction import Statements

# What the links say of an item `i`. The strictest variant speaks for the SKU, because all of them share its units:
# where one is sold only while there are units, none may take them below zero. Without a variant it sells from stock.
LINKS_SAY = """
coalesce((
    SELECT bool_and(l.continues_selling OR NOT l.tracked) FROM reservations_skulink AS l
    WHERE l.shop_id = i.shop_id AND l.sku = i.sku
), false)
"""
_DIFFERS = f"""
SELECT i.id FROM reservations_stockitem AS i
WHERE i.shop_id = %(shop)s AND i.sells_without_stock IS DISTINCT FROM {LINKS_SAY}
"""  # noqa: S608 - made of our own two texts
_DIFFERS_OF = f"{_DIFFERS} AND i.sku = ANY(%(skus)s)"
_SAID = f"""
SELECT i.id, {LINKS_SAY} FROM reservations_stockitem AS i WHERE i.shop_id = %s AND i.id = ANY(%s)
"""  # noqa: S608 - made of our own two texts
_SAID_OF = f"SELECT {LINKS_SAY} FROM (SELECT %s::bigint AS shop_id, %s AS sku) AS i"  # noqa: S608 - as above
_SET = "UPDATE reservations_stockitem SET sells_without_stock = %s WHERE shop_id = %s AND id = ANY(%s)"


def follow_links(shop_id: int, skus: Sequence[str] | None = None) -> int:
    """Let the stock items of `skus` (None: of the whole shop) do as their links say; returns how many changed.

    Whoever changes links calls it, in the transaction of the change. Holds live on until their time ends, their order
    comes or their cart changes. Raises Busy, Unavailable and OutcomeUnknown.
    """
    with committed_reads() as statements:
        found = statements.fetch(_DIFFERS if skus is None else _DIFFERS_OF, {"shop": shop_id, "skus": list(skus or ())})
    item_ids = sorted(row[0] for row in found)
    if not item_ids:
        return 0
    # After the lock: who changed another variant of the SKU meanwhile waited for it, or we for them.
    said = Query(_SAID, (shop_id, item_ids))
    with open_book(shop_id, item_ids=item_ids, after=[said]) as book:
        for item_id, sells_without_stock in said.rows:
            # Paid orders that lack units get them as the book closes.
            book.items[item_id].sells_without_stock = sells_without_stock
        for value in (True, False):
            ids = [item.id for item in book.items.values() if item.sells_without_stock is value]
            book.transaction.queue(_SET, (value, shop_id, ids))
    return len(item_ids)


def links_say(statements: Statements, shop_id: int, sku: str) -> bool:
    """Whether a SKU that the shop has no stock item for sells without stock."""
    return bool(statements.fetch(_SAID_OF, (shop_id, sku))[0][0])
