"""Connects a laptop's demo shop to the stand-in. Never in production, and never where SANDBOX is off."""

import logging

import requests
from django.conf import settings

from plumbing.away_from_database import leave_the_database
from reservations.demo_shop import DEMO_DOMAIN
from reservations.models import Shop

from .catalogue import run as imports
from .models import Connection, ConnectionState
from .oauth.consent_request import authorization_address
from .reconcile import reading_schedule

logger = logging.getLogger(__name__)

_TIMEOUT_SECONDS = 10


def connect_if_sandbox() -> bool:
    """Connect the demo shop and begin its import, if this is a sandbox and it is not connected; True when it was done.

    A stand-in that begins a new book knows none of our tokens, so we ask again for a lost authorization. What a person
    disconnected stays disconnected.
    """
    if not (settings.DEVELOPMENT and settings.SANDBOX):
        return False
    shop = Shop.objects.filter(domain=DEMO_DOMAIN).first()
    if shop is None or _stays_as_it_is(shop):
        return False
    address = authorization_address(shop)
    leave_the_database()
    try:
        # The stand-in says yes at once and sends whoever asks on to our own callback.
        answer = requests.get(address, timeout=_TIMEOUT_SECONDS)
    except requests.RequestException as error:
        logger.info("the demo shop waits for Bling's stand-in (%s)", type(error).__name__)
        return False
    known = Connection.objects.filter(shop=shop, state=ConnectionState.CONNECTED).first()
    if known is None:
        logger.warning("the demo shop could not be connected: %s", answer.status_code)
        return False
    imports.begin(known, consent=True)
    logger.info("the demo shop is connected to Bling's stand-in")
    return True


def read_anew_if_sandbox() -> int:
    """Ask for every figure at once, if this is a sandbox: Bling may have been away, or have begun a new book.

    Returns how many.
    """
    if not (settings.DEVELOPMENT and settings.SANDBOX):
        return 0
    asked = 0
    for known in Connection.objects.filter(state=ConnectionState.CONNECTED):
        Connection.objects.filter(pk=known.pk, shop_id=known.shop_id).update(wait_until=None, failures=0)
        asked += reading_schedule.request_all(known.shop_id)
    return asked


def _stays_as_it_is(shop: Shop) -> bool:
    known = Connection.objects.filter(shop=shop).first()
    return known is not None and known.state != ConnectionState.AUTHORIZATION_LOST
