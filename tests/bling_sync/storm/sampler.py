"""Asks all the time whether `available` is above the truth, by the stand-in's own books."""

import threading
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from django.db import connections

from plumbing import sql
from sandbox.bling import RunningStandIn
from tests.support.patience import PATIENCE_SECONDS

# One statement, so one moment: units available by our numbers, units that we sold for good, and the count's age.
_OURS = """
SELECT i.sku, i.on_hand - i.reserved - i.in_flight, extract(epoch FROM i.counted_at),
    (SELECT coalesce(sum(r.quantity - r.returned), 0) FROM reservations_reservation AS r
     WHERE r.shop_id = i.shop_id AND r.stock_item_id = i.id AND r.status IN ('confirmed', 'active'))
FROM reservations_stockitem AS i WHERE i.shop_id = %s
"""


class Sampler:
    """Samples for the length of a `with`. `too_high` lists every moment at which we offered more than there was."""

    def __init__(
        self, bling: RunningStandIn, shop_id: int, opening: Mapping[str, int], *, ours: tuple[str, ...] = ("api",)
    ) -> None:
        """`ours` is the beginning of the origin that Bling notes for our own sales."""
        self._bling, self._shop_id, self._opening = bling, shop_id, opening
        self._ours = ("opening", *ours)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.samples = 0
        self.too_high: list[str] = []

    def _run(self) -> None:
        while not self._stop.wait(0.03):
            for sku, available, counted_at, sold in sql.rows(_OURS, [self._shop_id]):
                truth = self._opening[sku] + self._others(sku, float(counted_at)) - sold
                self.samples += 1
                if available > truth:
                    self.too_high.append(f"{sku}: {available} available, {truth} there")
        connections.close_all()

    def _others(self, sku: str, counted_at: float) -> int:
        """What others moved: all that they brought, and what they took before the reading behind our count began.

        What they took since, nobody can know.
        """
        account = self._bling.bling.account(None)
        moved = [m for m in list(account.stock.movements) if m.sku == sku and not m.origin.startswith(self._ours)]
        brought = sum(int(m.delta) for m in moved if m.delta > 0)
        return brought + sum(int(m.delta) for m in moved if m.delta < 0 and m.wall_time < counted_at)

    def __enter__(self) -> Self:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """End."""
        self._stop.set()
        self._thread.join(PATIENCE_SECONDS)
