"""A merchant releases a hold or gives it ten more minutes. The ledger names the person."""

from datetime import timedelta
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from reservations import engine
from reservations.merchant.frame.merchant_page import action
from reservations.merchant.frame.visit import Visit
from reservations.shopify.orders import time_to_pay

from .explanation import clock
from .holds_page import found, one_page
from .reservation_rows import rows_of

TEN_MINUTES = timedelta(minutes=10)
# With the person's name before it, it fits the ledger's reference of 255 characters.
LONGEST_REASON = 200
_LONGEST_REFERENCE = 255
_INVALID = 422


@action
def release(visit: Visit, pk: UUID) -> HttpResponse:
    """Put the units back on sale, for a reason that the merchant gives."""
    reservation = found(visit, pk)
    reason = visit.request.POST.get("reason", "").replace("\x00", "").strip()
    if not reason or len(reason) > LONGEST_REASON:
        error = _("Say in up to %(most)d characters why you release it.") % {"most": LONGEST_REASON}
        response = one_page(reservation, error=error, reason=reason[:LONGEST_REASON]).answer(visit)
        response.status_code = _INVALID
        return response
    noted = f"{visit.actor}: {reason}"[:_LONGEST_REFERENCE]
    try:
        time_to_pay.release(visit.shop.pk, pk, reason=noted)
    except engine.EngineError as refusal:
        return _refused(visit, pk, refusal)
    return visit.done(_("Released: the units are back on sale."))


@action
def extend_by_hand(visit: Visit, pk: UUID) -> HttpResponse:
    """Give the hold ten more minutes, or as many as the shop's ceiling allows."""
    found(visit, pk)
    try:
        done = time_to_pay.extend(visit.shop.pk, pk, by=visit.actor, more=TEN_MINUTES)
    except engine.EngineError as refusal:
        return _refused(visit, pk, refusal)
    until = {"until": clock(done.reservation.expires_at)}
    if done.given < timedelta(seconds=1):
        return visit.done(_("Nothing was added: it lasts until %(until)s, the longest that this shop allows.") % until)
    if done.given < TEN_MINUTES:
        return visit.done(_("Reserved until %(until)s, the longest that this shop allows.") % until)
    return visit.done(_("Reserved until %(until)s.") % until)


def _refused(visit: Visit, pk: UUID, refusal: engine.EngineError) -> HttpResponse:
    """Show briefly what stands in the way, and open the reservation's page, where it stays to be read."""
    if isinstance(refusal, engine.UnknownReservation):
        raise Http404
    if isinstance(refusal, engine.ReservationError):
        said = _("It had ended before: %(why)s") % {"why": rows_of(visit.shop, [found(visit, pk)])[0].why}
    elif isinstance(refusal, engine.OutcomeUnknown):
        said = _("It is not known whether this was done. Reload the page to see.")
    else:
        said = _("The stock is busy or away for the moment. Nothing was changed; try again shortly.")
    response = visit.done(said, go=_address(pk))
    response.status_code = refusal.status
    return response


def _address(pk: UUID) -> str:
    return f"/app/reservations/{pk}/"
