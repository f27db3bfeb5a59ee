"""The work of one shop in slices of a few seconds, so that no shop and no job keeps a worker from the others.

Each slice takes its shop's lease, does what is due, and returns whether more is. Killing a slice loses nothing:
PostgreSQL knows what was due, and the next slice goes on.
"""

import logging
import time
from collections.abc import Callable
from datetime import timedelta

from django.db.models import Q
from django.db.models.functions import Now

from . import account_setup, channel_watch, durations
from .catalogue import cancellation
from .catalogue import run as imports
from .client import account_health
from .errors import BlingError, NotApplied, NotConnected
from .leases import WorkLease, lease
from .models import Connection, ConnectionState, ImportRun
from .oauth import token_pair
from .outbox import claim, deliver, observe, order_keys, outcome
from .reconcile import reading, reading_schedule
from .webhooks import consequences as webhooks

logger = logging.getLogger(__name__)

SLICE_SECONDS = 5.0
ALL_READ_EVERY = timedelta(minutes=30)


def push(shop_id: int, *, seconds: float = SLICE_SECONDS) -> bool:
    """Send what is due in the outbox; True when time ran out before the work."""
    # Before the lease, which the dead worker may still hold.
    outcome.bury_the_dead(shop_id)
    deadline = time.monotonic() + seconds
    return _slice(shop_id, "push", "its outbox", lambda known, held: _push(known, held, deadline))


def read_back(shop_id: int, *, seconds: float = SLICE_SECONDS) -> bool:
    """Process new webhooks, and read the balances that are due; True when more are due."""
    # Before the lease: it calls nobody, and two workers may do it at once.
    webhooks.apply_new(shop_id)
    deadline = time.monotonic() + seconds
    return _slice(shop_id, "read", "its readings", lambda known, held: _read_back(known, held, deadline))


def go_on_importing(shop_id: int, *, seconds: float = SLICE_SECONDS) -> bool:
    """Take the running import further; True while it has not ended."""
    deadline = time.monotonic() + seconds
    with lease(shop_id, "import", _lease_seconds()) as held:
        run = imports.running(shop_id)
        if held is None or run is None:
            return False
        while time.monotonic() < deadline and held.renew(_lease_seconds()):
            if not import_step(run):
                return False
    return True


def cancel_import(shop_id: int) -> bool:
    """End the running import if its cancelling was asked for; False when a worker has it in hand, and will obey."""
    with lease(shop_id, "import", _lease_seconds()) as held:
        run = imports.running(shop_id)
        if held is None or run is None or run.cancel_asked_at is None:
            return False
        cancellation.end(run, Connection.objects.get(shop_id=shop_id))
    return True


def import_step(run: ImportRun) -> bool:
    """Make one step of a run; False when it has ended, or has to wait for Bling."""
    known = Connection.objects.get(shop_id=run.shop_id)
    try:
        return imports.step(run, known)
    except BlingError as error:
        _say("its import", run.shop_id, error)
        if not imports.can_go_on(error):
            imports.fail(run, error)
        return False


def ask_for_all(known: Connection) -> None:
    """Request a reading of every product each half hour, whatever the webhooks say."""
    old = Q(all_read_at__isnull=True) | Q(all_read_at__lt=Now() - ALL_READ_EVERY)
    if Connection.objects.filter(old, shop_id=known.shop_id).update(all_read_at=Now()):
        reading_schedule.request_all(known.shop_id)


def ready_connection(shop_id: int) -> Connection:
    """The shop's connection, when we may call Bling for it now. Raises BlingError."""
    known = Connection.objects.filter(shop_id=shop_id).first()
    if known is None:
        raise NotConnected("this shop is not connected to Bling")
    account_health.may_ask(shop_id)
    token_pair.access_token(shop_id)
    return account_setup.require_complete(known)


def _slice(shop_id: int, work: str, waits: str, do: Callable[[Connection, WorkLease], bool]) -> bool:
    """Do a slice of work under its lease; False when another worker has the lease, or Bling makes us wait."""
    with lease(shop_id, work, _lease_seconds()) as held:
        if held is None:
            return False
        try:
            return do(ready_connection(shop_id), held)
        except BlingError as error:
            _say(waits, shop_id, error)
            return False


def _push(known: Connection, held: WorkLease, deadline: float) -> bool:
    order_keys.resolve(known)
    observe.look_for_orders(known)
    while time.monotonic() < deadline:
        # Again before each push: the one before may have shown that Bling is down, or outlived the lease.
        account_health.may_ask(known.shop_id)
        if not held.renew(_lease_seconds()):
            return False
        taken = claim.claim_push(known.shop_id)
        if taken is None:
            return False
        deliver.deliver(known, taken)
    return True


def _read_back(known: Connection, held: WorkLease, deadline: float) -> bool:
    channel_watch.watch_channels(known)
    if known.reading_paused_at is not None:
        return False
    ask_for_all(known)
    reading_schedule.request_ripe(known.shop_id)
    while time.monotonic() < deadline and held.renew(_lease_seconds()):
        products = reading.due_products(known.shop_id)
        if not products:
            return False
        reading.read(known, products)
    return True


def _lease_seconds() -> float:
    """The longest call and a margin; after that the next worker may take a dead one's place."""
    return durations.call_seconds() + durations.DEAD_MARGIN_SECONDS


def _say(what: str, shop_id: int, error: BlingError) -> None:
    # A wait with a known end needs nobody's attention.
    level = logging.DEBUG if isinstance(error, NotApplied) and error.retry_after is not None else logging.WARNING
    logger.log(level, "bling: shop %s: %s waits: %s", shop_id, what, error)


def live_shops() -> list[int]:
    """The shops that are connected, in a fixed order."""
    live = Connection.objects.filter(state=ConnectionState.CONNECTED).order_by("shop_id")
    return list(live.values_list("shop_id", flat=True))
