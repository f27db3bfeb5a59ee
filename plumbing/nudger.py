"""Wake a worker without making anybody wait for the broker.

A nudge says that a shop has work. A thread of its own sends it, once for many nudges of the same moment. It may get
lost with the process or the broker: a sweep finds the work in PostgreSQL all the same.
"""

import logging
import threading
import time
from collections.abc import Callable

from .gatherer import Gatherer

logger = logging.getLogger(__name__)

# Nudges within this time share a message.
GATHER_SECONDS = 0.05
# After a failure we leave the broker alone for a while.
PAUSE_SECONDS = 2.0


class Nudger(Gatherer):
    """Soon calls `send` with each nudged shop, once for many nudges."""

    def __init__(self, name: str, send: Callable[[int], object], gather_seconds: float = GATHER_SECONDS) -> None:
        """Name the thread, and say how to tell a worker about a shop, and for how long nudges gather."""
        self._send = send
        super().__init__(name, gather_seconds)

    def nudge(self, shop_id: int) -> None:
        """Let a worker look after the shop. Never waits, never raises."""
        with self._changing:
            self._shop_ids.add(shop_id)
        self.wake()

    def _forget(self) -> None:
        self._changing = threading.Lock()
        self._shop_ids: set[int] = set()

    def _work(self) -> bool:
        # Taken out before the sends: a nudge that comes meanwhile starts a message of its own.
        with self._changing:
            shop_ids, self._shop_ids = self._shop_ids, set()
        for shop_id in shop_ids:
            try:
                self._send(shop_id)
            except Exception as error:  # noqa: BLE001 - whatever it is, the sweep makes up for it
                logger.warning("%s: nudges wait for the sweep: %s", self._name, error)
                # The broker is away for every shop: the others of this round wait for the sweep too.
                time.sleep(PAUSE_SECONDS)
                break
        return False
