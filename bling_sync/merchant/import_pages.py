"""``/app/bling/imports/``: rehearse, see, apply, undo. A worker does the work; the pages watch its row."""

from contextlib import suppress

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from bling_sync import account_setup, shop_work
from bling_sync.catalogue import brake, cancellation, run_report, workload
from bling_sync.catalogue import run as imports
from bling_sync.catalogue.undo_run import UNDOABLE
from bling_sync.models import Connection, ImportRun, LineVerdict, RunState
from plumbing.whole_number import whole_number
from reservations import engine
from reservations.merchant.frame.live_page import Context, LivePage, Part
from reservations.merchant.frame.merchant_page import action, page
from reservations.merchant.frame.visit import Visit
from reservations.models import Shop

from . import duration_words, verdict_words
from .connection_summary import connection_of, live_connection
from .import_progress import progress
from .late_request import refused
from .undo_page import newest_applied

_INVALID = 422
# What may become a real run.
_SEEN = (RunState.REHEARSED, RunState.BRAKED)


@action
def begun(visit: Visit) -> HttpResponse:
    """Begin a rehearsal: a page never begins an import that applies at once."""
    known = live_connection(visit.shop)
    if not account_setup.is_complete(known):
        return refused(_("First choose the deposit whose stock the store sells."))
    run = imports.running(visit.shop.pk) or imports.ask_for(known, dry_run=True, consent=False)
    return visit.done(_("Comparing with Bling. Nothing is written."), go=address(run))


@page
def shown(visit: Visit, pk: int) -> HttpResponse:
    """A run: how far it is, what it found, and what can be done."""
    run = _of(visit.shop, pk)
    part = Part("merchant/bling/run.html", lambda _: _story(visit.shop, run))
    return LivePage("merchant/bling/import.html", {"run": part}, lambda _: _lines(visit, run)).answer(visit)


@action
def applied(visit: Visit, pk: int) -> HttpResponse:
    """Apply what the rehearsal showed. Above the brake's limit the merchant confirms the numbers first."""
    run, known = _of(visit.shop, pk), live_connection(visit.shop)
    if run.state not in _SEEN or _newest(visit.shop) != run:
        return refused(_("A newer import took its place."))
    braked = _is_braked(run, known)
    if braked and visit.request.POST.get("confirmed") != "1":
        error = _("Confirm that these units may be cut.")
        context = {**_story(visit.shop, run), **_lines(visit, run), "error": error}
        return visit.page("merchant/bling/import.html", context, _INVALID)
    if not account_setup.is_complete(known):
        return refused(_("First choose the deposit whose stock the store sells."))
    started = imports.ask_for(known, dry_run=False, consent=braked)
    return visit.done(_("Applying Bling's figures."), go=address(started))


@action
def cancelled(visit: Visit, pk: int) -> HttpResponse:
    """End a running import where it is: at once where no worker is at it, else after the worker's present step."""
    run = _of(visit.shop, pk)
    if not cancellation.ask(run):
        return refused(_("This import has already ended."))
    with suppress(engine.EngineError):
        shop_work.cancel_import(visit.shop.pk)
    return visit.done(_("Cancelling the import."), go=address(run))


@page
def as_csv(visit: Visit, pk: int) -> HttpResponse:
    """Every product and its verdict."""
    run = _of(visit.shop, pk)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="bling-import-{run.pk}.csv"'
    # A mark at the start, so that spreadsheets read accents as what they are.
    response.write("\ufeff")
    run_report.write_csv(run, response)  # type: ignore[arg-type]  # it writes text, as csv needs
    return response


def last(visit: Visit) -> Context:
    """The newest run, for the page of the connection."""
    run = _newest(visit.shop)
    known = connection_of(visit.shop)
    if known is None or not account_setup.is_complete(known):
        return {"run": run, "progress": _progress(run), "ready": False, "imported_at": known and known.imported_at}
    wait = duration_words.comparing(workload.of_comparing(known))
    return {"run": run, "progress": _progress(run), "ready": True, "imported_at": known.imported_at, "wait": wait}


def address(run: ImportRun) -> str:
    """The page of a run."""
    return f"/app/bling/imports/{run.pk}/"


def _of(shop: Shop, pk: int) -> ImportRun:
    run = ImportRun.objects.filter(shop=shop, pk=pk).first()
    if run is None:
        raise Http404
    return run


def _newest(shop: Shop) -> ImportRun | None:
    return ImportRun.objects.filter(shop=shop).order_by("-pk").first()


def _progress(run: ImportRun | None) -> object:
    return progress(run) if run is not None and run.state == RunState.RUNNING else None


def _story(shop: Shop, run: ImportRun) -> Context:
    known = connection_of(shop)
    is_over = run.state not in (RunState.RUNNING, RunState.CANCELLED, RunState.FAILED)
    can_apply = run.state in _SEEN and _newest(shop) == run
    applying = workload.of_applying(run, known) if can_apply and known is not None else None
    return {
        "run": run,
        "progress": _progress(run),
        "findings": verdict_words.findings(run) if is_over else [],
        "diff": verdict_words.diff(run) if is_over else None,
        "taken": run.state in (RunState.APPLIED, RunState.UNDONE),
        "can_apply": can_apply,
        "wait": duration_words.applying(applying) if applying is not None else "",
        "braked": known is not None and run.state in _SEEN and _is_braked(run, known),
        "can_undo": run == newest_applied(shop) and run.undo_asked_at is None,
        "connection": known,
    }


def _is_braked(run: ImportRun, known: Connection) -> bool:
    figures = (run.units_before or 0, run.units_cut or 0, run.stocked or 0, run.emptied or 0)
    return run.state == RunState.BRAKED or brake.Cut(*figures).exceeds(known.brake_percent)


def _lines(visit: Visit, run: ImportRun) -> Context:
    asked = visit.request.GET.get("show", "")
    show = asked if asked in LineVerdict.values else verdict_words.CHANGES
    found = verdict_words.listed(run, show, whole_number(visit.request.GET.get("after", "")) or 0)
    return {
        "run_lines": found[: verdict_words.SHOWN],
        "next_after": found[verdict_words.SHOWN - 1].pk if len(found) > verdict_words.SHOWN else None,
        "show": show,
        "show_label": LineVerdict(show).label if show in LineVerdict.values else "",
        "is_polled": run.state == RunState.RUNNING or (run.state in UNDOABLE and run.undo_asked_at is not None),
    }
