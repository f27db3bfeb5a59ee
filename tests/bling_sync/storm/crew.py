"""Workers as threads of the test: they sweep and work as the tasks do, against the stand-in, until the block ends."""

import threading
from types import TracebackType
from typing import Self

from django.db import connections

from bling_sync import shop_work, sweeper
from tests.support.patience import PATIENCE_SECONDS


class Crew:
    """One thread sends and one reads, as two workers of a small installation do."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._work, args=(kind,), name=f"crew-{kind}", daemon=True)
            for kind in ("push", "read")
        ]

    def _work(self, kind: str) -> None:
        while not self._stop.wait(0.05):
            for due in sweeper.due():
                if kind == "push" and due.push:
                    shop_work.push(due.shop_id, seconds=1)
                if kind == "read" and due.read:
                    shop_work.read_back(due.shop_id, seconds=1)
        connections.close_all()

    def __enter__(self) -> Self:
        """Begin."""
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """End, after the slice that is under way."""
        self._stop.set()
        for thread in self._threads:
            thread.join(PATIENCE_SECONDS)
