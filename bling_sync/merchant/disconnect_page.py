"""``/app/bling/disconnect/``: what it means, and then the end."""

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from bling_sync.models import ConnectionState
from bling_sync.oauth.disconnect import disconnect
from bling_sync.outbox_backlog import waiting
from plumbing.away_from_database import leave_the_database
from reservations.merchant.frame.merchant_page import page
from reservations.merchant.frame.visit import Visit

from .bling_pages import ADDRESS
from .connection_summary import connection_of


@page
def disconnected(visit: Visit) -> HttpResponse:
    """Ask, then disconnect. This page itself calls Bling, because we keep the token that ends it for no worker."""
    known = connection_of(visit.shop)
    if known is None or known.state == ConnectionState.DISCONNECTED:
        raise Http404
    if not visit.sends:
        waits = sum(kind.count for kind in waiting(visit.shop.pk).values())
        return visit.page("merchant/bling/disconnect.html", {"connection": known, "waits": waits})
    leave_the_database()
    revoked = disconnect(known, forget=visit.request.POST.get("forget") == "1")
    done = _("Bling is disconnected.") if revoked else _("Bling is disconnected here; it did not confirm it there.")
    return visit.done(done, go=ADDRESS)
