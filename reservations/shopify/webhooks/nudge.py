"""Waking a worker without making Shopify wait for the broker.

A thread of this process sends the messages: many deliveries of a shop become one, and a broker that is slow or away
holds nobody up. A nudge that gets lost costs a few seconds, until the sweeper's next round.
"""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress

logger = logging.getLogger(__name__)

# Deliveries that come within this time of each other share a message.
GATHER_SECONDS = 0.05
# After a failure the broker is left alone for a while.
PAUSE_SECONDS = 2.0


class Nudger:
    """Calls `send` with each shop that was nudged, soon, once for many nudges, in a thread of its own."""

    def __init__(self, send: Callable[[int], object]) -> None:
        self._send = send
        self._waiting: set[int] = set()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def nudge(self, shop_id: int) -> None:
        """Let somebody look after the shop's deliveries."""
        with self._changed:
            self._waiting.add(shop_id)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="webhook-nudges", daemon=True)
                self._thread.start()
            self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._waiting:
                    self._changed.wait()
            time.sleep(GATHER_SECONDS)
            with self._changed:
                shop_ids, self._waiting = self._waiting, set()
            self._send_all(shop_ids)

    def _send_all(self, shop_ids: set[int]) -> None:
        for shop_id in shop_ids:
            try:
                self._send(shop_id)
            except Exception as error:  # noqa: BLE001 - whatever it is, the sweeper makes up for it
                logger.warning("nudges wait for the sweeper: %s", error)
                with suppress(InterruptedError):
                    time.sleep(PAUSE_SECONDS)
                return


def _send(shop_id: int) -> None:
    from reservations.shopify.tasks import process_webhooks

    process_webhooks.apply_async(kwargs={"shop_id": shop_id}, expires=60, retry=False)


nudger = Nudger(_send)
