"""Read from Bling now: one SKU, or all of them. We store the request, and a worker reads within seconds."""

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from bling_sync.models import Product
from bling_sync.reconcile import reading_schedule
from reservations.merchant.frame.merchant_page import action
from reservations.merchant.frame.visit import Visit

from .connection_summary import live_connection
from .late_request import refused


@action
def read_all(visit: Visit) -> HttpResponse:
    """Every linked SKU."""
    if live_connection(visit.shop).reading_paused_at is not None:
        return refused(_paused())
    reading_schedule.request_all(visit.shop.pk)
    return visit.done(_("Reading all figures from Bling."))


@action
def read_one(visit: Visit, item_pk: int) -> HttpResponse:
    """One SKU, by its stock item."""
    if live_connection(visit.shop).reading_paused_at is not None:
        return refused(_paused())
    product = Product.objects.filter(shop=visit.shop, stock_item_id=item_pk).first()
    if product is None:
        raise Http404
    reading_schedule.request_first(visit.shop.pk, product.pk)
    return visit.done(_("Reading %(sku)s from Bling.") % {"sku": product.sku})


def _paused() -> str:
    return _("Readings pause since an import was undone. The next import that is applied resumes them.")
