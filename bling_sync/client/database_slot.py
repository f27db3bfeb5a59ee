"""One request at a time, by the database, while Redis is away: slower, and never unlimited."""

from plumbing import sql

from .redis_slots import HELD_AFTER_ANSWER_MS

# The row is free when its time has passed; of two takers at once the conflict lets one through.
_TAKE = """
INSERT INTO bling_sync_requestslot AS slot (limit_key, free_at)
VALUES (%s, clock_timestamp() + %s * interval '1 second')
ON CONFLICT (limit_key) DO UPDATE SET free_at = excluded.free_at WHERE slot.free_at <= clock_timestamp()
RETURNING slot.free_at
"""
_WAIT = "SELECT extract(epoch FROM free_at - clock_timestamp()) FROM bling_sync_requestslot WHERE limit_key = %s"
# Only while the row is still ours: `free_at` tells this taking from a later one.
_GIVE_BACK = """
UPDATE bling_sync_requestslot SET free_at = clock_timestamp() + %s * interval '1 millisecond'
WHERE limit_key = %s AND free_at = %s
"""
_SHORTEST_WAIT_SECONDS = 0.05


class DatabaseSlot:
    """A slot that the database keeps."""

    def __init__(self, limit_key: str, free_at: object) -> None:
        self._limit_key, self._free_at = limit_key, free_at

    def give_back(self) -> None:
        """Free it a second from now."""
        sql.execute(_GIVE_BACK, [HELD_AFTER_ANSWER_MS, self._limit_key, self._free_at])


def take(limit_key: str, lifetime_seconds: float) -> DatabaseSlot | float:
    """The company's slot, or the seconds to wait before it may be free."""
    taken = sql.first_row(_TAKE, [limit_key, lifetime_seconds])
    if taken:
        return DatabaseSlot(limit_key, taken[0])
    found = sql.first_row(_WAIT, [limit_key])
    return max(_SHORTEST_WAIT_SECONDS, float(found[0]) if found else 0.0)
