"""The merchant ends the connection."""

import logging

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from bling_sync.errors import BlingError
from bling_sync.models import Connection, ConnectionState, Product, Push, PushState
from plumbing.encryption import DecryptionFailed, decrypt

from . import token_address

logger = logging.getLogger(__name__)


def disconnect(known: Connection, *, forget: bool = False) -> bool:
    """Forget the tokens and ask Bling to end the authorization; returns whether Bling confirmed that.

    With `forget` the links to products go too and untold sales are cancelled, so that another company can take its
    place.
    """
    stored = known.refresh_token
    with transaction.atomic():
        rows = Connection.objects.filter(pk=known.pk, shop_id=known.shop_id)
        # Forgotten before Bling hears of it: whatever becomes of that call, we use these tokens no more. The new
        # generation keeps a renewal under way from writing its pair here.
        rows.update(
            state=ConnectionState.DISCONNECTED,
            access_token="",
            refresh_token="",
            token_generation=F("token_generation") + 1,
            refreshing_until=None,
        )
        if forget:
            _forget(known)
    try:
        if stored:
            token_address.revoke(decrypt(stored, owner=known.owner))
            return True
    except (BlingError, DecryptionFailed) as error:
        logger.warning("bling: shop %s: the authorization could not be revoked: %s", known.shop_id, error)
    return False


def _forget(known: Connection) -> None:
    pushes = Push.objects.filter(shop_id=known.shop_id)
    open_ones = pushes.exclude(state__in=(PushState.SETTLED, PushState.CANCELLED))
    open_ones.update(state=PushState.CANCELLED, ended_at=Now(), error="the shop left this company")
    # Pushes stay as history, without the products that go.
    pushes.update(product=None)
    Product.objects.filter(shop_id=known.shop_id).delete()
    Connection.objects.filter(pk=known.pk, shop_id=known.shop_id).update(
        company_id="",
        company_name="",
        deposit_id=None,
        deposit_name="",
        mode_reason="undecided",
        mode="observe",
        shopify_channel=None,
        suggested_mode="",
        imported_at=None,
    )
