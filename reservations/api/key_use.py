"""When each API key was last used: noted in memory by requests, written by a thread a moment later."""

import logging

from django.db import InterfaceError, OperationalError, connection

from plumbing.gatherer import Gatherer

logger = logging.getLogger(__name__)

# The keys used meanwhile share one statement.
GATHER_SECONDS = 10.0

# Whatever the number of processes that serve a key, its row is written once a minute at most.
_WRITE = """
UPDATE reservations_apikey SET last_used_at = clock_timestamp()
WHERE id = ANY(%s) AND (last_used_at IS NULL OR last_used_at < clock_timestamp() - interval '1 minute')
"""


class KeyUse(Gatherer):
    """The keys that this process has looked up since they were last written."""

    _used: set[int]

    def __init__(self) -> None:
        super().__init__("key use", GATHER_SECONDS)

    def note(self, key_id: int) -> None:
        """Remember that this key was used. Never waits for the database, never raises."""
        self._used.add(key_id)
        self.wake()

    def flush(self) -> None:
        """Write what was noted, now. While the database is away it is forgotten: the next use is noted anyway."""
        used = self._used
        self._used = set()
        if not used:
            return
        try:
            with connection.cursor() as cursor:
                cursor.execute(_WRITE, [sorted(used)])
        except (OperationalError, InterfaceError) as error:
            logger.warning("when API keys were last used could not be written: %s", error)

    def _forget(self) -> None:
        self._used = set()

    def _work(self) -> bool:
        try:
            self.flush()
        finally:
            # This thread needs a connection for a moment only: give it back to the pool.
            connection.close()
        return False


key_use = KeyUse()
