"""The audit of whole shops: it reads the whole ledger, so it may take the time that no request may."""

import logging
from time import monotonic

from django.db import connection, transaction

from reservations import engine
from reservations.models import Shop, StockItem

logger = logging.getLogger(__name__)

STATEMENT_TIMEOUT_SECONDS = 120
# Well within the time limit of a background task, the longest single audit included.
ROUND_SECONDS = 120.0


def audit_shop(shop: Shop) -> dict[str, list[str]]:
    """What does not add up in `shop`: the problems of each SKU that is off, empty when everything adds up.

    Raises engine.Busy when a check takes longer than two minutes, engine.Unavailable when the database is away.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [f"{STATEMENT_TIMEOUT_SECONDS}s"])
        findings = engine.audit(shop.pk)
    off: dict[str, list[str]] = {}
    for finding in findings:
        off.setdefault(finding.sku, []).append(f"{finding.problem} ({finding.details})")
    return off


def items_in(shop: Shop) -> int:
    """How many SKUs an audit of `shop` covers."""
    return StockItem.objects.filter(shop=shop).count()


def audit_shops_after(shop_id: int, *, seconds: float = ROUND_SECONDS) -> int | None:
    """Audit shop after shop in the order of their ids, and log what is off.

    Returns the last id when `seconds` are over (it always audits one shop), None when no shop is left.
    """
    deadline = monotonic() + seconds
    for shop in Shop.objects.filter(pk__gt=shop_id).order_by("pk"):
        _audit_and_log(shop)
        if monotonic() >= deadline:
            return shop.pk
    return None


def _audit_and_log(shop: Shop) -> None:
    try:
        off = audit_shop(shop)
    except engine.Busy:
        logger.exception("the audit of shop %s took too long", shop)
        return
    for sku, problems in off.items():
        logger.error("audit: %s %s: %s", shop, sku, "; ".join(problems))
    logger.info("audited %s: %s SKUs off", shop, len(off))
