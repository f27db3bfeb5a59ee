"""The audit of a shop with the time that it takes: it reads the whole ledger, which no request may."""

from django.db import connection, transaction

from reservations import engine
from reservations.models import Shop, StockItem

STATEMENT_TIMEOUT_SECONDS = 600


def audit_shop(shop: Shop) -> dict[str, list[str]]:
    """What does not add up in `shop`: for each SKU that is off, its problems. Empty: everything adds up.

    Raises engine.Busy when a check takes longer than ten minutes, engine.Unavailable when the database is away.
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
