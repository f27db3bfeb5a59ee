"""Find the connection that a command means, and wait for Bling while a person watches."""

import time
from collections.abc import Callable
from typing import TypeVar

from django.core.management.base import CommandError

from bling_sync.errors import AuthorizationLost, BlingError, NotApplied, NotConnected
from bling_sync.models import Connection, ConnectionState
from plumbing.away_from_database import pause
from reservations.management.command import shop_meant

# How long a command waits for a Bling that does not answer before it leaves the rest to the worker.
PATIENCE_SECONDS = 300.0
_NAP_SECONDS = 2.0

T = TypeVar("T")


def connection_meant(domain: str | None) -> Connection:
    """The connection of the named or only shop. Raises CommandError when the shop has none that works."""
    shop = shop_meant(domain)
    known = Connection.objects.filter(shop=shop).select_related("shop").first()
    if known is None or known.state == ConnectionState.DISCONNECTED:
        raise CommandError(f"{shop} is not connected to Bling: bling_connect {shop} prints the address to open.")
    if known.state == ConnectionState.AUTHORIZATION_LOST:
        raise CommandError(f"Bling takes none of our tokens of {shop}: bling_connect {shop}, and authorize again.")
    return known


def patiently(call: Callable[[], T], say: Callable[[str], None], *, seconds: float = PATIENCE_SECONDS) -> T:
    """Repeat `call` while Bling cannot be asked, and return its result. Raises CommandError when that lasts."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return call()
        except (AuthorizationLost, NotConnected) as error:
            raise CommandError(f"{error}.") from error
        except NotApplied as error:
            nap = max(0.2, error.retry_after if error.retry_after is not None else _NAP_SECONDS)
            if time.monotonic() + nap > deadline:
                raise CommandError(f"{error}: nothing is lost, try again later.") from error
            say(f"Waiting for Bling: {error}.")
            pause(nap)
        except BlingError as error:
            raise CommandError(f"{error}.") from error
