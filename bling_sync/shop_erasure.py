"""Erases a shop that has left: its tokens, its company and everything that we read of it."""

import logging
from functools import partial

from django.db import transaction
from django.db.models import F, Model
from django.db.models.functions import Now

from plumbing.encryption import DecryptionFailed, decrypt

from .errors import BlingError
from .models import (
    AuthorizationRequest,
    Connection,
    Difference,
    ImportLine,
    ImportRun,
    Lease,
    Product,
    Push,
    PushState,
    WebhookEvent,
)
from .oauth import token_address

logger = logging.getLogger(__name__)

# Rows that point at another go before it.
_OF_THE_SHOP: tuple[type[Model], ...] = (
    *(Difference, ImportLine, ImportRun, WebhookEvent, AuthorizationRequest, Lease, Push, Product, Connection),
)


def erase_shop(shop_id: int) -> int:
    """Delete every row of the shop's and return how many, inside the caller's transaction.

    This cancels what is on its way to Bling. After the commit it asks Bling to end the authorization; if that fails,
    Bling's own thirty days end it.
    """
    known = Connection.objects.filter(shop_id=shop_id).first()
    if known is not None and known.refresh_token:
        transaction.on_commit(partial(_revoke, shop_id, known.owner, known.refresh_token), robust=True)
    # Products before pushes, the order in which every path locks them. The database refuses to delete an open push.
    Product.objects.filter(shop_id=shop_id).update(read_due_at=None)
    open_ones = Push.objects.filter(shop_id=shop_id).exclude(state__in=(PushState.SETTLED, PushState.CANCELLED))
    open_ones.update(state=PushState.CANCELLED, cancelled=F("quantity"), ended_at=Now(), error="the shop was erased")
    return sum(model._default_manager.filter(shop_id=shop_id).delete()[0] for model in _OF_THE_SHOP)


def _revoke(shop_id: int, owner: str, stored: str) -> None:
    try:
        token_address.revoke(decrypt(stored, owner=owner))
    except (BlingError, DecryptionFailed) as error:
        logger.warning("bling: erased shop %s: the authorization could not be revoked: %s", shop_id, error)
