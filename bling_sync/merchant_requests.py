"""What a merchant asks for on a page and a worker does; the wish is a column, so a lost nudge cannot lose it."""

import logging
from contextlib import suppress
from datetime import timedelta

from django.db.models.functions import Now

from . import account_setup
from .catalogue import first_look
from .catalogue.undo_run import UNDOABLE, undo
from .client import account_health
from .errors import BlingError
from .leases import lease
from .models import Connection, ImportRun
from .oauth import token_pair
from .resources import deposits

logger = logging.getLogger(__name__)

# After Bling did not answer, the set-up is tried again.
TRY_AGAIN = timedelta(seconds=30)
# As long as the task may run.
_UNDO_SECONDS = 300.0


def complete_setup(shop_id: int) -> None:
    """Read the company, how sales reach it, its deposits, and about how many products it has.

    After a failure a worker tries again in TRY_AGAIN.
    """
    known = Connection.objects.get(shop_id=shop_id)
    rows = Connection.objects.filter(pk=known.pk, shop_id=shop_id)
    try:
        account_health.may_ask(shop_id)
        token_pair.access_token(shop_id)
        account_setup.complete(known)
        found = deposits.active(account_setup.bling_of(known))
    except BlingError as error:
        logger.warning("bling: shop %s: its set-up waits: %s", shop_id, error)
        rows.filter(setup_due_at=known.setup_due_at).update(setup_due_at=Now() + TRY_AGAIN)
        return
    choices = [{"id": one.id, "name": one.name, "default": one.default} for one in found]
    rows.update(deposit_choices=choices)
    # Only the wish that we read: one that the merchant made meanwhile stands.
    rows.filter(setup_due_at=known.setup_due_at).update(setup_due_at=None)
    if known.products_seen is None:
        # For an estimate alone: without it nothing is missing.
        with suppress(BlingError):
            rows.update(products_seen=first_look.products_seen(account_setup.bling_of(known)))


def undo_import(shop_id: int) -> int:
    """Undo the import that the merchant asked to undo; returns how many SKUs that changed. Raises engine.EngineError.

    One worker at a time does it; the next one finishes what a dead one left.
    """
    with lease(shop_id, "undo", _UNDO_SECONDS) as held:
        rows = ImportRun.objects.filter(shop_id=shop_id, state__in=UNDOABLE, undo_asked_at__isnull=False)
        run = rows.order_by("-pk").first()
        if held is None or run is None:
            return 0
        return undo(run)
