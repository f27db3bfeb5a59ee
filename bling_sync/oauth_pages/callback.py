"""`GET /bling/callback`: the merchant comes back from Bling and reads what happened."""

import logging

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bling_sync.account_setup import WrongCompany
from bling_sync.errors import BlingError
from bling_sync.models import Connection, Mode
from bling_sync.oauth import consent_request, consent_return

from .connect import COOKIE
from .plain_page import page

logger = logging.getLogger(__name__)

_LONGEST = 4_000


@never_cache
@require_safe
def callback(request: HttpRequest) -> HttpResponse:
    """Take the code that Bling's consent page gave, once, and connect the shop."""
    if request.method == "HEAD":
        # A program that looks ahead must not use the code up: it is good once.
        return HttpResponse()
    state, code = request.GET.get("state", ""), request.GET.get("code", "")
    failed = _("Bling is not connected")
    shop_id = (
        consent_request.redeem(state, browser=request.COOKIES.get(COOKIE, "")) if 0 < len(state) < _LONGEST else None
    )
    if shop_id is None:
        return page(request, 400, failed, _("This answer of Bling's was used before, has grown old, or is not ours."))
    if request.GET.get("error") or not 0 < len(code) < _LONGEST:
        return page(request, 400, failed, _("The authorization was not given in Bling. Nothing was changed."))
    return _connect(request, shop_id, code, failed)


def _connect(request: HttpRequest, shop_id: int, code: str, failed: str) -> HttpResponse:
    try:
        known = consent_return.connect(shop_id, code)
    except WrongCompany as error:
        sentence = _("This shop belongs to the company %(company)s in Bling. Disconnect it before another is chosen.")
        return page(request, 409, failed, sentence % {"company": error})
    except BlingError as error:
        logger.warning("bling: shop %s: the code brought no tokens: %s", shop_id, error)
        sentence = _("Bling did not complete the authorization. Nothing was changed: please connect once more.")
        return page(request, 502, failed, sentence)
    return page(request, 200, _("Bling is connected"), *_story(known))


def _story(known: Connection) -> list[str]:
    mode, reason = Mode(known.mode), known.get_mode_reason_display()
    says = {
        Mode.OBSERVE: _("We write nothing to Bling and watch for its orders."),
        Mode.MOVEMENT: _("Each confirmed sale is booked out of Bling's stock."),
        Mode.ORDER: _("Each confirmed sale becomes a sales order in Bling."),
    }
    lines = [_("Shop: %(shop)s") % {"shop": known.shop.domain}]
    lines += [_("Company: %(company)s.") % {"company": known.company_name}] if known.company_name else []
    lines += [f"{says[mode]} {reason}"]
    if known.deposit_id is None:
        lines.append(_("Choose the deposit whose stock the shop sells."))
    lines.append(_("Next, the products are compared; nothing is changed before you have seen what would be."))
    return lines
