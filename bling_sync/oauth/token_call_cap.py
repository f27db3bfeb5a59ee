"""A cap on calls to Bling's token address, over all shops: 20 a minute from one address close the door for an hour.

It is kept in the database and not in Redis: forgetting it once could shut every merchant out.
"""

from django.db import transaction

from bling_sync.errors import Waiting
from plumbing import sql

CALLS = 10
WITHIN_SECONDS = 60

_COUNT = """
SELECT count(*), extract(epoch FROM min(at) + %s * interval '1 second' - clock_timestamp())
FROM bling_sync_tokencall WHERE at > clock_timestamp() - %s * interval '1 second'
"""
# Twice the minute, so that what goes has surely stopped counting.
_FORGET = "DELETE FROM bling_sync_tokencall WHERE at < clock_timestamp() - %s * interval '2 seconds'"


def spend() -> None:
    """Count one call that is about to be made. Raises Waiting when the minute has had its share."""
    with transaction.atomic():
        # Count and insert under one lock: two callers could else both see one call left.
        sql.execute("SELECT pg_advisory_xact_lock(hashtextextended('bazico bling token calls', 0))")
        made, wait = sql.one_row(_COUNT, [WITHIN_SECONDS, WITHIN_SECONDS])
        if made >= CALLS:
            raise Waiting("enough token calls for this minute", float(wait) + 1)
        sql.execute(_FORGET, [WITHIN_SECONDS])
        sql.execute("INSERT INTO bling_sync_tokencall (at) VALUES (clock_timestamp())")
