"""The shop's connection, and what a merchant should know of it."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Max
from django.db.models.functions import Now
from django.http import Http404
from django.utils.translation import gettext as _

from bling_sync.housekeeping import warnings
from bling_sync.models import Connection, ConnectionState, Product
from bling_sync.shop_work import ALL_READ_EVERY
from plumbing import database_clock
from reservations.models import Shop


def connection_of(shop: Shop) -> Connection | None:
    """The connection, whatever its state; None when the shop never had one."""
    return Connection.objects.filter(shop=shop).first()


def live_connection(shop: Shop) -> Connection:
    """The connection of a shop that is connected. Raises Http404."""
    known = connection_of(shop)
    if known is None or known.state != ConnectionState.CONNECTED:
        raise Http404
    return known


def problems(known: Connection) -> Sequence[str]:
    """Sentences for the merchant, the most pressing first."""
    found = [sentences()[code] for code in warnings(known)]
    if Connection.objects.filter(pk=known.pk, shop_id=known.shop_id, wait_until__gt=Now(), failures__gt=0).exists():
        found.append(_("Bling does not answer. What was sold waits safely and is sent as soon as it does."))
    elif not _is_paused(known) and not is_read(known):
        found.append(_("No figure of Bling's was read for over an hour. What was sold meanwhile is counted off here."))
    return found


def last_reading(shop_id: int) -> datetime | None:
    """When a figure of the shop was read last."""
    read_at: datetime | None = Product.objects.filter(shop=shop_id).aggregate(at=Max("read_started_at"))["at"]
    return read_at


def is_read(known: Connection) -> bool:
    """Whether a figure was read within two half hours, as far as any came: stale figures must not look healthy."""
    read_at = last_reading(known.shop_id) if known.imported_at is not None else None
    return read_at is None or read_at >= database_clock.now() - 2 * ALL_READ_EVERY


def _is_paused(known: Connection) -> bool:
    return known.state != ConnectionState.CONNECTED or known.reading_paused_at is not None


def sentences() -> dict[str, str]:
    """The sentence for each code of `housekeeping.warnings`."""
    return {
        "authorization_lost": _("Bling no longer accepts our authorization. Connect again: what waits is sent then."),
        "authorization_ends": _("Bling will soon end our authorization. Connect again before it does."),
        "authorization_expires": _("The authorization in Bling ends within days. Connect again to renew it."),
        "authorization_not_renewed": _(
            "Bling does not renew our authorization. Look in Bling whether the account is active: what was sold waits."
        ),
        "deposit_not_chosen": _("Bling has several deposits. Choose the one whose stock the store sells."),
        "readings_paused": _(
            "Readings pause since an import was undone. The next import that is applied resumes them."
        ),
        "shopify_channel_appeared": _(
            "Bling now has a Shopify channel of its own. Choose observe, or both of us book the same sales."
        ),
        "shopify_channel_gone": _("Bling no longer has a Shopify channel. Choose how sales reach it now."),
        "webhooks_silent": _("Bling's notices do not arrive. Look in Bling whether the app's webhooks are on."),
    }
