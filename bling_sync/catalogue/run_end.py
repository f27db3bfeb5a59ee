"""How a run ends, whichever way it does."""

from django.db import transaction
from django.db.models.functions import Now

from bling_sync.models import ImportRun, RunState
from reservations.shopify.catalogue.missing_links import look_for_variants


@transaction.atomic
def end(run: ImportRun, state: RunState, error: str = "") -> None:
    """End a running run. If it counted SKUs, their variants at Shopify are looked for at once."""
    if run.lines.filter(shop_id=run.shop_id, applied_at__isnull=False).exists():
        look_for_variants(run.shop_id)
    rows = ImportRun.objects.filter(pk=run.pk, shop_id=run.shop_id, state=RunState.RUNNING)
    rows.update(state=state, ended_at=Now(), error=error[:500])
    run.refresh_from_db()
