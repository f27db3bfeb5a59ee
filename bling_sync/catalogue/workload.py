"""What an import takes: calls to Bling, and the time for them at the pace that Bling's limit allows.

Where nobody knows, it says so: Bling does not tell how many products it has before we have read them all.
"""

import math
from dataclasses import dataclass

from django.db.models import F

from bling_sync.client import redis_slots
from bling_sync.models import Connection, ImportLine, ImportRun, Phase, RunState
from bling_sync.resources import balances, products

from . import rehearsal

# We promise nothing faster: a slot is free again so long after its answer.
SECONDS_PER_CALL = redis_slots.HELD_AFTER_ANSWER_MS / 1_000 / redis_slots.SLOTS
# Measured on a busy machine. It serves until a run of the shop has written enough figures to measure by.
SECONDS_PER_FIGURE = 0.02
ENOUGH_FIGURES = 100
_COMPLETE = (RunState.REHEARSED, RunState.BRAKED, RunState.APPLIED, RunState.UNDONE)


@dataclass(frozen=True, slots=True)
class Estimate:
    """Calls to Bling and seconds for about so many products."""

    products: int
    calls: int
    seconds: float


def note(run: ImportRun, phase: Phase, calls: int, seconds: float) -> None:
    """Add a step's calls and seconds to its run's."""
    rows = ImportRun.objects.filter(pk=run.pk, shop_id=run.shop_id)
    if phase == Phase.APPLY:
        rows.update(apply_seconds=F("apply_seconds") + seconds)
    elif calls:
        rows.update(calls=F("calls") + calls, call_seconds=F("call_seconds") + seconds)


def of_comparing(known: Connection) -> Estimate | None:
    """What reading everything would take: as last time, or by the products seen; None when nobody knows of any."""
    last = _last_complete(known.shop_id)
    if last is not None and last.calls and last.based_on_id is None:
        return Estimate(last.read, last.calls, last.calls * pace(last))
    number = last.read if last is not None else known.products_seen
    if number is None:
        return None
    calls = _calls_for(number)
    return Estimate(number, calls, calls * SECONDS_PER_CALL)


def of_applying(run: ImportRun, known: Connection) -> Estimate:
    """What applying a rehearsal would take: its balances again, what has changed since, and writing its figures."""
    figures = run.balanced
    if rehearsal.can_go_on_from(run, known):
        calls = len(products.CHANGES) + _batches(figures)
    else:
        calls = run.calls if run.calls and run.based_on_id is None else _calls_for(run.read)
    return Estimate(run.read, calls, calls * pace(run) + figures * _seconds_per_figure(run))


def left(run: ImportRun) -> float | None:
    """Seconds until a running run ends, by its own pace so far; None while nobody knows."""
    calls = _calls_left(run)
    if calls is None:
        return None
    figures = 0 if run.dry_run else max(0, _to_write(run) - run.applied)
    return calls * pace(run) + figures * _seconds_per_figure(run)


def pace(run: ImportRun) -> float:
    """Seconds for each call of the run so far, waiting for its turn included; never below what the limit allows."""
    return max(SECONDS_PER_CALL, run.call_seconds / run.calls if run.calls else 0.0)


def _last_complete(shop_id: int, before: int | None = None) -> ImportRun | None:
    rows = ImportRun.objects.filter(shop_id=shop_id, state__in=_COMPLETE)
    return (rows if before is None else rows.filter(pk__lt=before)).order_by("-pk").first()


def _calls_for(number: int) -> int:
    """Each product's page, the page that ends the list, one look into each other listing; lots and balances."""
    return _pages(number) + len(products.LISTINGS) + 2 * _batches(number)


def _calls_left(run: ImportRun) -> int | None:
    match run.phase:
        case Phase.PRODUCTS:
            return _calls_left_of_products(run)
        case Phase.KITS | Phase.LOTS | Phase.BALANCES:
            return _calls_left_of_lines(run)
        case _:
            return 0


def _calls_left_of_products(run: ImportRun) -> int | None:
    if run.based_on is not None:
        return len(products.CHANGES) - run.listing + _batches(run.based_on.balanced)
    number = _products_expected(run)
    if number is None:
        return None
    pages = _pages(number - run.read) if run.listing == 0 else 0
    return pages + len(products.LISTINGS) - run.listing + 2 * _batches(number)


def _products_expected(run: ImportRun) -> int | None:
    if run.based_on is not None:
        return run.based_on.read
    last = _last_complete(run.shop_id, before=run.pk)
    seen = Connection.objects.filter(shop_id=run.shop_id).values_list("products_seen", flat=True).first()
    number = last.read if last is not None else seen
    return number if number is None else max(number, run.read)


def _calls_left_of_lines(run: ImportRun) -> int:
    lines = ImportLine.objects.filter(shop_id=run.shop_id, run=run, verdict="")
    kits = lines.filter(format=products.KIT).count() if run.phase == Phase.KITS else 0
    unchecked = 0 if run.phase == Phase.BALANCES else lines.filter(lots_checked=False).count()
    return kits + _batches(unchecked) + _batches(lines.filter(read_started_at__isnull=True).count())


def _to_write(run: ImportRun) -> int:
    """The figures that it will write; until all balances are read, one for each product."""
    if run.phase in (Phase.JUDGE, Phase.APPLY):
        return run.balanced
    return (_products_expected(run) or run.read) if run.phase == Phase.PRODUCTS else run.read


def _seconds_per_figure(run: ImportRun) -> float:
    rows = ImportRun.objects.filter(shop_id=run.shop_id, applied__gte=ENOUGH_FIGURES, apply_seconds__gt=0)
    last = rows.filter(pk__lte=run.pk).order_by("-pk").first()
    return last.apply_seconds / last.applied if last is not None else SECONDS_PER_FIGURE


def _pages(number: int) -> int:
    return math.ceil(number / products.PAGE)


def _batches(number: int) -> int:
    return math.ceil(number / balances.IDS_PER_CALL)
