"""Notices within the hour that a Shopify channel appeared in Bling, or went, after the merchant connected.

We stop or start writing Shopify's inventory at once, because two writers would fight. Only the merchant changes how
sales reach Bling: until then a unit may leave Bling's balance twice, so too little is sold, never too much.
"""

import logging
from datetime import timedelta

from django.db.models import Q
from django.db.models.functions import Now

from reservations.shopify.inventory.native_channel import note_native_channel

from . import account_setup
from .errors import AuthorizationLost, BlingError, NotConnected
from .models import Connection, Mode
from .resources import channels

logger = logging.getLogger(__name__)

EVERY = timedelta(hours=1)


def watch_channels(known: Connection) -> bool:
    """Read the sales channels if the last reading is an hour old; True when that succeeded.

    After a failure the next try comes in an hour. Raises AuthorizationLost, NotConnected.
    """
    # Noted before the call: of several workers one reads, and after a failure an hour passes as well.
    old = Q(channels_read_at__isnull=True) | Q(channels_read_at__lt=Now() - EVERY)
    if not Connection.objects.filter(old, shop_id=known.shop_id).update(channels_read_at=Now()):
        return False
    try:
        present = channels.has_shopify(account_setup.bling_of(known))
    except (AuthorizationLost, NotConnected):
        raise
    except BlingError as error:
        logger.warning("bling: shop %s: the sales channels cannot be read: %s", known.shop_id, error)
        return False
    _note(known, present=present)
    return True


def _note(known: Connection, *, present: bool) -> None:
    note_native_channel(known.shop_id, present=present)
    rows = Connection.objects.filter(shop_id=known.shop_id)
    # Without an earlier answer nothing has appeared or gone.
    if known.shopify_channel == present or known.shopify_channel is None:
        rows.update(shopify_channel=present)
        return
    fits = Mode.OBSERVE if present else Mode.MOVEMENT
    needed = known.mode == Mode.OBSERVE if fits is Mode.MOVEMENT else known.mode != Mode.OBSERVE
    rows.update(shopify_channel=present, suggested_mode=fits if needed else "")
    logger.warning("bling: shop %s: a Shopify channel has %s", known.shop_id, "appeared" if present else "gone")
