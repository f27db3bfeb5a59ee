"""Waking a worker: from a thread of its own, so that no buyer ever waits for the broker.

Many sales of one shop in one moment make one message. A nudge may get lost with its process or with the broker; the
sweeper (`bling_sync.tasks.sweep`) finds every row without it.
"""

import logging
import os
import threading

logger = logging.getLogger(__name__)

# Sales of one moment become one message.
GATHER_SECONDS = 0.05


class _Nudger:
    """Shops to be woken, and the thread that does it."""

    def __init__(self) -> None:
        self._shops: set[int] = set()
        self._changed = threading.Condition()
        self._pid = 0

    def add(self, shop_id: int) -> None:
        with self._changed:
            self._shops.add(shop_id)
            if self._pid != os.getpid():
                # The first nudge of this process, or of a child that inherited no threads.
                self._pid = os.getpid()
                threading.Thread(target=self._run, name="bling-nudge", daemon=True).start()
            self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._shops:
                    self._changed.wait()
            threading.Event().wait(GATHER_SECONDS)
            with self._changed:
                shops, self._shops = self._shops, set()
            for shop_id in shops:
                _send(shop_id)


_nudger = _Nudger()


def push(shop_id: int) -> None:
    """Wake a worker for the outbox of this shop. Never waits, never raises."""
    _nudger.add(shop_id)


def _send(shop_id: int) -> None:
    from bling_sync.tasks import push_shop

    try:
        push_shop.apply_async(args=(shop_id,), expires=30, retry=False)
    except Exception as error:  # noqa: BLE001 - whatever it is, the sweeper does the work
        logger.warning("no worker was woken for shop %s (%s): the sweeper will find its sales", shop_id, error)
