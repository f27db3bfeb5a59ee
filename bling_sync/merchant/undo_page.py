"""Undoing an applied import from the ledger: the merchant asks here, a worker does it."""

from django.db.models.functions import Now
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from bling_sync.catalogue.undo_run import UNDOABLE, last_written
from bling_sync.models import ImportRun
from reservations.merchant.frame.merchant_page import action
from reservations.merchant.frame.visit import Visit
from reservations.models import Shop

from .late_request import refused


def newest_applied(shop: Shop) -> ImportRun | None:
    """The run that may be undone: the last one that wrote counts, unless it was undone already."""
    run = last_written(shop.pk)
    return run if run is not None and run.state in UNDOABLE else None


@action
def undone(visit: Visit, pk: int) -> HttpResponse:
    """Ask a worker to undo the run, after the merchant has confirmed."""
    if not ImportRun.objects.filter(shop=visit.shop, pk=pk).exists():
        raise Http404
    run = newest_applied(visit.shop)
    if run is None or run.pk != pk:
        return refused(_("Only the last import that was applied can be undone."))
    asked = ImportRun.objects.filter(shop=visit.shop, pk=pk, state__in=UNDOABLE, undo_asked_at__isnull=True)
    asked.update(undo_asked_at=Now())
    return visit.done(_("Undoing the import. Later sales stand."), go=f"/app/bling/imports/{pk}/")
