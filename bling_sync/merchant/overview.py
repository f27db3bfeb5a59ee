"""``/app/bling/``: how things stand with Bling, what waits, and the way to everything else."""

from collections.abc import Sequence

from django.core.cache import cache
from django.db.models.functions import Now
from django.http import HttpResponse

from bling_sync.models import Connection, ConnectionState, Product, Push, PushState
from bling_sync.oauth.consent_request import connect_link, is_opened
from bling_sync.outbox_backlog import waiting as waits
from reservations.merchant.frame.live_page import Context, LivePage, Part
from reservations.merchant.frame.merchant_page import page
from reservations.merchant.frame.visit import Visit
from reservations.models import Shop

from . import difference_pages, import_pages, undecided_pushes
from .bling_settings_page import modes
from .connection_summary import connection_of, problems

ON_THEIR_WAY = 20
# The address to Bling lives ten minutes; one that is shown stays the same for a while, so that a poll brings no body.
LINK_SECONDS = 300


def _connection(visit: Visit) -> Context:
    known = connection_of(visit.shop)
    connected = known is not None and known.state == ConnectionState.CONNECTED
    must_connect = known is None or known.state != ConnectionState.CONNECTED or known.refresh_refused_at is not None
    return {
        "connection": known,
        "connected": connected,
        "problems": problems(known) if known and known.state != ConnectionState.DISCONNECTED else [],
        "link": _link(visit.shop) if must_connect else "",
        "mode": _mode(known) if known else None,
        "unread": _unread(visit.shop) if connected else 0,
    }


def _link(shop: Shop) -> str:
    key = f"bling-connect:{shop.pk}"
    link: str | None = cache.get(key)
    # One that a browser has opened is that browser's.
    if link is None or is_opened(link):
        link = connect_link(shop)
        cache.set(key, link, LINK_SECONDS)
    return link


def _mode(known: Connection) -> tuple[str, str, str]:
    return next(mode for mode in modes() if mode[0] == known.mode)


def _unread(shop: Shop) -> int:
    return Product.objects.filter(shop=shop, read_due_at__lte=Now(), stock_item__isnull=False).count()


def _outbox(visit: Visit) -> Context:
    counts = waits(visit.shop.pk)
    return {"counts": {name: counts[name] for name in ("pending", "sending", "unknown")}, "pushes": _way(visit.shop)}


def _way(shop: Shop) -> Sequence[Push]:
    states = (PushState.PENDING, PushState.SENDING, PushState.UNKNOWN)
    rows = Push.objects.filter(shop=shop, state__in=states, escalated_at__isnull=True)
    return list(rows.select_related("stock_item").order_by("pk")[:ON_THEIR_WAY])


_PAGE = LivePage(
    "merchant/bling/page.html",
    {
        "connection": Part("merchant/bling/connection.html", _connection),
        "waiting": Part("merchant/bling/waiting.html", undecided_pushes.questions),
        "import": Part("merchant/bling/last_import.html", import_pages.last),
        "outbox": Part("merchant/bling/outbox.html", _outbox),
        "differences": Part("merchant/bling/few_differences.html", difference_pages.few),
    },
)


@page
def overview(visit: Visit) -> HttpResponse:
    """The page."""
    return _PAGE.answer(visit)
