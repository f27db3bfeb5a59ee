"""Walk through a shop's whole catalogue at Shopify, page by page, and make the links match it.

Somebody asks, in a row (:func:`ask`); a worker, woken by a nudge or by the sweep, takes the walk further in slices
(:func:`go_on`). A walk asked for while another is under way begins after it.
"""

import logging
import math
import time
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet

from plumbing import database_clock, sql
from plumbing.away_from_database import pause
from plumbing.lease import ClockTimestamp, Lease
from reservations import engine
from reservations.models import CatalogueWalk, InstallationState, ShopifyInstallation
from reservations.shopify.errors import ShopifyError, Unreachable

from . import links, variants
from .walk_nudge import nudger

logger = logging.getLogger(__name__)

# One page: Shopify may let us wait for its cost.
CALL_SECONDS = 25.0
# Longer than the longest call.
LEASE_SECONDS = 40.0
# 15 s, doubled after each failure up to a quarter of an hour; doublings are bounded so that no power overflows.
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS, _MOST_DOUBLINGS = 15.0, 900.0, 6
_POLL_SECONDS = 0.5


# A walk under way goes on where it is; the later `asked_at` has the next one begin when it has ended.
_ASK = """
INSERT INTO reservations_cataloguewalk (shop_id, asked_at, cursor, variants, failures)
VALUES (%s, clock_timestamp(), '', 0, 0)
ON CONFLICT (shop_id) DO UPDATE SET asked_at = excluded.asked_at, retry_at = NULL, failures = 0
"""


def ask(shop_id: int) -> None:
    """Ask for a walk from the beginning. A worker begins it after COMMIT, even where a failed one was to wait."""
    sql.execute(_ASK, [shop_id])
    transaction.on_commit(lambda: nudger.nudge(shop_id))


def go_on(shop_id: int, *, seconds: float) -> bool:
    """Take the walk that is due or under way further for about `seconds`; True while it has not ended.

    Does nothing while somebody else walks. Raises ShopifyError and its leaves, after storing for the merchant what
    stood in the way, and when we try again; and what the engine raises, with the walk where it was.
    """
    rows = CatalogueWalk.objects.filter(shop=shop_id)
    with Lease(rows, holder="lease", until="lease_until").held(LEASE_SECONDS) as held:
        walk = rows.first()
        if held is None or walk is None or not (walk.is_under_way or walk.is_asked_for):
            return False
        deadline = time.monotonic() + seconds
        began_at, cursor = (walk.began_at, walk.cursor) if walk.is_under_way else (_begin(held), "")
        assert began_at is not None
        while True:
            following = _step(held, shop_id, began_at, cursor)
            if following is None or time.monotonic() >= deadline:
                return following is not None
            cursor = following


def to_the_end(shop_id: int) -> int:
    """Walk now, or wait for whoever does; returns how many variants there are.

    Raises ShopifyError and its leaves, as :func:`go_on` does.
    """
    ask(shop_id)
    asked_at = CatalogueWalk.objects.get(shop=shop_id).asked_at
    assert asked_at is not None
    while True:
        go_on(shop_id, seconds=math.inf)
        walk = CatalogueWalk.objects.get(shop=shop_id)
        if walk.ended_at is not None and walk.began_at is not None and walk.began_at >= asked_at:
            return walk.variants
        if walk.lease is not None:
            pause(_POLL_SECONDS)


def _begin(held: Lease) -> datetime:
    began_at = database_clock.now()
    held.mine.update(began_at=began_at, ended_at=None, cursor="", variants=0)
    return began_at


def _step(held: Lease, shop_id: int, began_at: datetime, cursor: str) -> str | None:
    """Read one page and make its links; returns the next page's cursor, None where there is none or the lease is lost.

    Raises ShopifyError.
    """
    # Before the call: whatever a webhook tells while Shopify answers is newer than this page.
    read_at = database_clock.now()
    try:
        page = variants.page_of_catalogue(shop_id, cursor, seconds=CALL_SECONDS)
    except ShopifyError as error:
        _note_failure(held, shop_id, error)
        raise
    with transaction.atomic():
        # The lease first: of two walkers only one may write.
        if not held.renew(LEASE_SECONDS):
            return None
        links.write(shop_id, page.variants, read_at)
        held.mine.update(cursor=page.next, variants=F("variants") + len(page.variants), retry_at=None, failures=0)
        if not page.next:
            _end(held, shop_id, began_at)
    return page.next or None


def _end(held: Lease, shop_id: int, began_at: datetime) -> None:
    # A link that the walk did not see is gone, unless a webhook has renewed it meanwhile.
    gone = links.forget_unseen(shop_id, began_at)
    engine.follow_links(shop_id)
    held.mine.update(ended_at=ClockTimestamp())
    _installed(shop_id).update(links_synced_at=began_at, links_problem="")
    logger.info("shop %s: its catalogue was read, %s links gone", shop_id, gone)


def _note_failure(held: Lease, shop_id: int, error: ShopifyError) -> None:
    """Store the reason and when we try again: twice as long after each failure.

    No answer says nothing against the cursor. After any other error the next walk begins anew.
    """
    failures = held.mine.values_list("failures", flat=True).first() or 0
    seconds = min(_FIRST_PAUSE_SECONDS * 2.0 ** min(failures, _MOST_DOUBLINGS), _LONGEST_PAUSE_SECONDS)
    held.mine.update(failures=F("failures") + 1, retry_at=ClockTimestamp() + timedelta(seconds=seconds))
    if not isinstance(error, Unreachable):
        held.mine.update(asked_at=ClockTimestamp(), began_at=None, ended_at=None, cursor="")
    _installed(shop_id).update(links_problem=f"{type(error).__name__}: {error}"[:255])


def _installed(shop_id: int) -> QuerySet[ShopifyInstallation]:
    return ShopifyInstallation.objects.filter(shop=shop_id, state=InstallationState.INSTALLED)
