"""The one place that locks stock, and the rules that make a lock worth having.

What is scarce is a SKU's stock, so what is locked is its row in ``reservations_stockitem``: whoever changes its
numbers, its reservations or its ledger holds that row first, freeing units as well as taking them, because
``reserved`` and ``in_flight`` are counters.

The rules, each with what happens without it (60 rounds for the last unit, two connections, PostgreSQL 15):

* Lock first, read after, in a later statement. Under READ COMMITTED each statement sees what was committed when *it*
  began: a sum in the locking statement itself is from before the wait and oversold in 60 rounds of 60. So the locking
  statement carries no aggregate and no annotation, and the clock is read after it, with ``clock_timestamp()``
  (``now()`` is from before the wait too).
* READ COMMITTED, never REPEATABLE READ: there even lock-then-sum oversold 60 of 60. A system check refuses to start.
* ``FOR NO KEY UPDATE``, not ``FOR UPDATE``: a reservation's foreign key takes KEY SHARE on the stock row, and inserting
  the child before ``FOR UPDATE`` of the parent deadlocked 60 of 60. We also never insert the child first.
* In the order of the primary key, all in one statement: carts [A, B] and [B, A] wait for each other, never in a ring.
* Every locking statement names its shop.
* While a row is locked we wait for nothing outside the database: no HTTP, no broker, no other thread.

Two clocks bound a wait. ``lock_timeout`` ends a wait for the row and ``statement_timeout`` any statement; both become
503 ``busy`` with ``Retry-After``, and nothing was changed. A lost connection is 503 ``unavailable`` before COMMIT was
sent and 503 ``outcome_unknown`` after it.

``tests/promise/concurrency/`` takes :func:`for_update` away and shows that the last unit is then sold twice.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from reservations.models import Reservation, StockItem

from . import lookups  # noqa: F401  (registers ``__any``)

# The connection's lock_timeout, as ``basico_stock/database.py`` sets it.
LOCK_SECONDS = 2.0
_LEAST_MS = 100
_NUMBERS = ("on_hand", "reserved", "in_flight", "ledger_position", "counted_at", "owed", "in_doubt", "doubt_until")
COLUMNS = ("id", "sku", *_NUMBERS, "sells_without_stock", "anonymous")
# A query for stock rows: of a shop, by one or more lists of values.
Rows = Callable[..., QuerySet[StockItem]]


def for_update(rows: QuerySet[StockItem], *, skip_locked: bool = False) -> QuerySet[StockItem]:
    """Lock these rows until the transaction ends; with `skip_locked`, leave out those that another holds."""
    return rows.select_for_update(of=("self",), no_key=True, skip_locked=skip_locked)


def by_sku(shop_id: int, skus: Sequence[str]) -> QuerySet[StockItem]:
    """The stock rows of these SKUs."""
    return StockItem.objects.filter(shop_id=shop_id, sku__any=skus)


def by_reservation(shop_id: int, ids: Sequence[UUID], cart_tokens: Sequence[UUID]) -> QuerySet[StockItem]:
    """The stock rows that these reservations, or all of these carts', belong to: a fact that never changes."""
    of_shop = Reservation.objects.filter(shop_id=shop_id).values("stock_item_id")
    # A UNION and not an OR: each part has an index of its own.
    named = of_shop.filter(id__any=ids).union(of_shop.filter(cart_token__any=cart_tokens))
    return StockItem.objects.filter(pk__in=named, shop_id=shop_id)


def by_id(shop_id: int, ids: Sequence[int]) -> QuerySet[StockItem]:
    """The stock rows with these ids."""
    return StockItem.objects.filter(shop_id=shop_id, pk__any=ids)


class Statement(NamedTuple):
    """A locking statement: its text, and for each placeholder the argument that it stands for (-1: the shop)."""

    sql: str
    order: tuple[int, ...]

    def parameters(self, shop_id: int, *arguments: Sequence[object]) -> list[object]:
        """The values in the order in which the text wants them."""
        values = (*arguments, shop_id)
        return [values[position] for position in self.order]


def wait_at_most(seconds: float) -> str:
    """The statement that ends a wait for a lock in this transaction after `seconds`, and not before a tenth of one."""
    return f"SET LOCAL lock_timeout = '{max(round(seconds * 1000), _LEAST_MS)}ms'"


# For a transaction that locks the rows of strangers together: none of them may wait long for another's.
BRIEFLY = wait_at_most(0.1)


@lru_cache
def statement(rows: Rows, arguments: int, *, skip_locked: bool = False) -> Statement:
    """``for_update(rows(...))`` in primary key order, compiled once.

    Call it before the transaction's pipeline begins: Django compiles a locking statement only inside an ``atomic`` of
    its own (which sends nothing). It puts the parameters where its SQL needs them, so each argument is compiled as its
    own number and the place of each is read back.
    """
    with transaction.atomic():
        locked = for_update(rows(-1, *([number] for number in range(arguments))), skip_locked=skip_locked)
        sql, compiled = locked.order_by("pk").values_list(*COLUMNS).query.sql_with_params()
    order = tuple(value[0] if isinstance(value, list) else -1 for value in compiled)
    return Statement(sql, order)
