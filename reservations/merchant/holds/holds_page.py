"""``/app/reservations/`` and one of them."""

from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from reservations.merchant.frame.live_page import Context, LivePage, Part
from reservations.merchant.frame.merchant_page import page
from reservations.merchant.frame.visit import Visit
from reservations.merchant.ledger import of_reservation
from reservations.models import Reservation

from .holder_ends import ends_rows
from .reservation_list import Outcome, Place, listed, place_of
from .reservation_rows import rows_of
from .unmet_demand import unmet_demand


def _outcome(visit: Visit) -> Outcome:
    asked = visit.request.GET.get("outcome", "")
    return Outcome(asked) if asked in list(Outcome) else Outcome.ACTIVE


def _tabs(visit: Visit) -> Context:
    chosen = _outcome(visit)
    labels = [
        (Outcome.ACTIVE, _("Active")),
        (Outcome.CONFIRMED, _("Bought")),
        (Outcome.RELEASED, _("Released")),
        (Outcome.EXPIRED, _("Expired")),
        (Outcome.TURNED_AWAY, _("Refused")),
    ]
    return {"tabs": [(outcome.value, label, outcome == chosen) for outcome, label in labels]}


def _list(visit: Visit) -> Context:
    outcome = _outcome(visit)
    if outcome == Outcome.TURNED_AWAY:
        found, more = unmet_demand(visit.shop)
        return {"outcome": outcome, "unmet": found, "more": more}
    after = Place.read(visit.request.GET.get("after", ""))
    rows, more = listed(visit.shop, outcome, after)
    chosen = {"outcome": outcome.value}
    return {
        "outcome": outcome,
        "rows": rows_of(visit.shop, rows),
        "next": "?" + urlencode({**chosen, "after": str(place_of(rows[-1]))}) if more else "",
        "first": "?" + urlencode(chosen) if after else "",
    }


_LIST = LivePage(
    "merchant/holds/page.html",
    {
        "list": Part("merchant/holds/list.html", _list),
        "ends": Part("merchant/holds/ends.html", lambda visit: {"ends": ends_rows(visit.shop)}),
    },
    _tabs,
)


@page
def reservations(visit: Visit) -> HttpResponse:
    """The list of one outcome."""
    return _LIST.answer(visit)


@page
def reservation(visit: Visit, pk: UUID) -> HttpResponse:
    """One reservation, its story, and what the merchant can do."""
    return one_page(found(visit, pk)).answer(visit)


def found(visit: Visit, pk: UUID) -> Reservation:
    """The reservation of this shop. Raises Http404."""
    known = Reservation.objects.filter(shop=visit.shop, pk=pk).select_related("stock_item").first()
    if known is None:
        raise Http404
    return known


def one_page(reservation: Reservation, *, error: str = "", reason: str = "") -> LivePage:
    """The page of one reservation. The form does not refresh, so nobody loses what they typed."""
    return LivePage(
        "merchant/holds/one.html",
        {
            "state": Part("merchant/holds/state.html", lambda visit: {"row": rows_of(visit.shop, [reservation])[0]}),
            "story": Part(
                "merchant/stock/ledger.html", lambda _: {"lines": of_reservation(reservation), "is_own": True}
            ),
        },
        lambda _: {"error": error, "reason": reason},
    )
