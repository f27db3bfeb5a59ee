"""One batched reading of balances, and what becomes of each figure."""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import OperationalError
from django.db.models import Case, F, Value, When
from django.db.models.functions import Coalesce, Now

from bling_sync import account_setup
from bling_sync.models import Connection, Product
from bling_sync.outbox import echoes, evidence
from bling_sync.resources import balances
from plumbing import database_clock
from reservations import engine

from . import anchor, balance_count, heard_events

logger = logging.getLogger(__name__)


def due_products(shop_id: int) -> list[Product]:
    """The products whose reading is due: at most one call's worth.

    What has changed since it was read does not wait for a round over all products, which may take minutes.
    """
    rows = Product.objects.filter(shop_id=shop_id, read_due_at__lte=Now(), stock_item__isnull=False)
    unchanged = Case(When(changed_at__gt=F("read_started_at"), then=Value(0)), default=Value(1))
    ordered = rows.select_related("stock_item").order_by(unchanged, "read_due_at", "pk")
    return list(ordered[: balances.IDS_PER_CALL])


def read(known: Connection, products: Sequence[Product]) -> int:
    """Read the balances of up to 100 linked products and apply them; returns how many figures came. Raises BlingError.

    The reading is stamped with when it started. A product that the answer leaves out keeps its last figure.
    """
    started = database_clock.now()
    found = balances.read(account_setup.bling_of(known), [product.bling_id for product in products], known.deposit_id)
    heard_events.explain(known.shop_id, products)
    for product in products:
        balance = found.get(product.bling_id)
        try:
            if balance is None:
                _miss(product, started)
            else:
                _take(known, product, balance, started)
        except (engine.EngineError, OperationalError) as error:
            # Its reading stays due, and the other products go on.
            logger.warning("bling: shop %s: %s waits for its next reading: %s", known.shop_id, product.sku, error)
    return len(found)


def _take(known: Connection, product: Product, balance: balances.Balance, started: datetime) -> None:
    echoes.match_events(known.shop_id, product.pk, product.bling_id)
    if not balance_count.count_balance(known, product, balance, started):
        return
    product.refresh_from_db()
    push = evidence.waiting(known.shop_id, product.pk)
    if push is not None:
        evidence.resolve(known, push, product)
    anchor.move_anchor(product)


def _miss(product: Product, started: datetime) -> None:
    rows = Product.objects.filter(pk=product.pk, shop_id=product.shop_id)
    asked_since = Case(When(read_due_at__gt=started, then=F("read_due_at")))
    rows.update(missing_since=Coalesce("missing_since", started), read_due_at=asked_since)
    logger.warning("bling: shop %s: Bling leaves %s out of its answer", product.shop_id, product.sku)
