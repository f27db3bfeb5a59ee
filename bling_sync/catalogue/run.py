"""Leads a run through its phases. Each step is one call to Bling or one batch of counts, stored once done.

So an interrupted run goes on where it was, and repeating a step changes nothing.
"""

import logging
import time

from django.db import IntegrityError, transaction

from bling_sync import account_setup
from bling_sync.client.bling_api import Bling
from bling_sync.errors import BlingError, NotApplied
from bling_sync.models import Connection, ImportLine, ImportRun, LineVerdict, Phase, RunState
from plumbing import database_clock
from reservations.shopify.catalogue.missing_links import look_ahead

from . import (
    apply_run,
    brake,
    cancellation,
    product_kinds,
    product_pages,
    rehearsal,
    run_balances,
    run_end,
    sku_doctor,
    workload,
)

logger = logging.getLogger(__name__)

# A reading older than this is repeated before it becomes a count.
STALE_SECONDS = 900


def begin(known: Connection, *, dry_run: bool = False, consent: bool = False) -> ImportRun:
    """The shop's running run, or a new one. Raises BlingError when the set-up is not complete.

    A running rehearsal gives way to a real run, and the other way round: a shop has one run at a time. A real run goes
    on from the rehearsal just before it, and reads only what has changed since.
    """
    account_setup.require_complete(known)
    return ask_for(known, dry_run=dry_run, consent=consent)


def ask_for(known: Connection, *, dry_run: bool, consent: bool) -> ImportRun:
    """Do what `begin` does, for a complete set-up: this makes no call to Bling, and a worker takes the run further."""
    with transaction.atomic():
        current = running(known.shop_id)
        if current is not None and (current.dry_run, current.consent) == (dry_run, consent):
            return current
        if current is not None:
            cancellation.end(current, known, why="another import was begun")
        return _create(known, dry_run=dry_run, consent=consent)


def running(shop_id: int) -> ImportRun | None:
    """The shop's run under way, if there is one."""
    return ImportRun.objects.filter(shop_id=shop_id, state=RunState.RUNNING).first()


def step(run: ImportRun, known: Connection) -> bool:
    """Make the next step; False when the run has ended. Raises BlingError when Bling does not answer for now.

    Here, between two steps, a run obeys the wish to cancel it. Raises engine.EngineError.
    """
    if not _is_wanted(run, known):
        return False
    bling, phase, began = account_setup.bling_of(known), Phase(run.phase), time.monotonic()
    try:
        return _take(run, known, bling)
    finally:
        workload.note(run, phase, bling.calls, time.monotonic() - began)


def _is_wanted(run: ImportRun, known: Connection) -> bool:
    """Whether the run still goes on; a cancelled one ends here."""
    rows = ImportRun.objects.filter(pk=run.pk, shop_id=run.shop_id, state=RunState.RUNNING)
    wishes = list(rows.values_list("cancel_asked_at", flat=True))
    if wishes == [None]:
        return True
    if wishes:
        cancellation.end(run, known)
    run.refresh_from_db()
    return False


def _take(run: ImportRun, known: Connection, bling: Bling) -> bool:
    match run.phase:
        case Phase.PRODUCTS:
            product_pages.read_page(run, bling)
        case Phase.KITS:
            product_kinds.look_into_kit(run, bling)
        case Phase.LOTS:
            product_kinds.look_for_lots(run, bling)
        case Phase.BALANCES:
            run_balances.read_batch(run, bling, known.deposit_id)
        case Phase.JUDGE:
            return _judge(run, known)
        case Phase.APPLY:
            return _apply(run, known)
    return True


def fail(run: ImportRun, error: BlingError) -> None:
    """End the run, because Bling refuses what it needs."""
    logger.warning("bling: shop %s: import %s failed: %s", run.shop_id, run.pk, error)
    run_end.end(run, RunState.FAILED, str(error))


def can_go_on(error: BlingError) -> bool:
    """Whether the run may be taken up again after this error."""
    return isinstance(error, NotApplied)


def _judge(run: ImportRun, known: Connection) -> bool:
    sku_doctor.judge(run)
    # A merchant looks at a rehearsal for a while: by the time it is applied, its new SKUs have their variants.
    look_ahead(run.shop_id, run.lines.filter(shop_id=run.shop_id, verdict=LineVerdict.NEW))
    braked = brake.stops(run, known)
    if run.dry_run or braked:
        run_end.end(run, RunState.REHEARSED if run.dry_run else RunState.BRAKED)
        return False
    run.phase = Phase.APPLY
    run.save(update_fields=["phase"])
    return True


def _apply(run: ImportRun, known: Connection) -> bool:
    if _is_stale(run):
        # The run lay idle for long: read and judge the unapplied lines again.
        lines = run.lines.filter(shop_id=run.shop_id, bling_id__isnull=False, applied_at__isnull=True)
        lines.filter(verdict__in=("exact", "new")).update(read_started_at=None, verdict="")
        run.phase = Phase.BALANCES
        run.save(update_fields=["phase"])
        return True
    if apply_run.apply_batch(run, known):
        return True
    with transaction.atomic():
        apply_run.finish(run)
        run.refresh_from_db()
        run_end.end(run, RunState.APPLIED)
    return False


def _is_stale(run: ImportRun) -> bool:
    lines = run.lines.filter(shop_id=run.shop_id, verdict__in=("exact", "new"), applied_at__isnull=True)
    oldest = lines.order_by("read_started_at").values_list("read_started_at", flat=True).first()
    return oldest is not None and (database_clock.now() - oldest).total_seconds() > STALE_SECONDS


def _create(known: Connection, *, dry_run: bool, consent: bool) -> ImportRun:
    former = None if dry_run else rehearsal.to_go_on_from(known)
    facts = {"dry_run": dry_run, "consent": consent, "based_on": former}
    try:
        with transaction.atomic():
            return ImportRun.objects.create(shop_id=known.shop_id, started_at=database_clock.now(), **facts)
    except IntegrityError:
        # Somebody else began one in this very moment.
        return ImportRun.objects.get(shop_id=known.shop_id, state=RunState.RUNNING)


def prune(shop_id: int, *, kept: int = 20) -> int:
    """Delete the lines of old runs; the newest runs keep theirs, and applied ones that can be undone are among them."""
    old = list(ImportRun.objects.filter(shop_id=shop_id).order_by("-pk").values_list("pk", flat=True)[kept:])
    deleted, _ = ImportLine.objects.filter(shop_id=shop_id, run_id__in=old).delete()
    return deleted
