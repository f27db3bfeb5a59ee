"""``/app/shortfalls/``: paid items without a unit, which wait for the next free one or for a person."""

from collections.abc import Mapping

from django.http import HttpResponse

from reservations.merchant.frame.live_page import Context, LivePage, Part
from reservations.merchant.frame.merchant_page import page
from reservations.merchant.frame.visit import Visit

from .shortfall_rows import oldest_rows, totals

_TEMPLATE = "merchant/shortfalls/page.html"


def _list(visit: Visit) -> Context:
    rows, more = oldest_rows(visit.shop)
    return {"rows": rows, "more": more, "totals": totals(rows)}


_PAGE = LivePage(_TEMPLATE, {"list": Part("merchant/shortfalls/list.html", _list)})


@page
def shortfalls(visit: Visit) -> HttpResponse:
    """The open shortfalls, the oldest payment first."""
    return _PAGE.answer(visit)


def page_with(visit: Visit, typed: Mapping[str, object], status: int) -> HttpResponse:
    """The page again with what the person chose and wrote, and with each error beside its field."""
    return visit.page(_TEMPLATE, {**_list(visit), **typed}, status)
