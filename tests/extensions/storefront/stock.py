"""A small stock behind the app proxy, which answers the script as the service does; a test may make it slow or dead."""

import copy
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

Answer = tuple[int, dict[str, Any]]


@dataclass
class Stock:
    """Units by SKU and the holds on them.

    `delay_seconds` and `down` make it slow and dead; `answer_seconds` is how long an answer is under way, and of the
    next `loses` answers none arrives. `retry_seconds`: when the next unit comes free, None where nobody holds any.
    `limit` refuses what one shopper holds unpaid, if it says anything.
    """

    free: dict[str, int]
    hold_seconds: float = 600
    ceiling_seconds: int = 1800
    retry_seconds: float | None = 300
    delay_seconds: float = 0
    answer_seconds: float = 0
    down: bool = False
    loses: int = 0
    limit: dict[str, Any] = field(default_factory=dict)
    holds: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    kept: dict[str, Answer] = field(default_factory=dict)

    def held(self, sku: str) -> int:
        return sum(hold["quantity"] for hold in self.holds.values() if hold["sku"] == sku)

    def hear(self, cart: Any) -> None:
        """This service has no webhooks."""

    def answer(self, path: str, body: dict[str, Any]) -> Answer | None:
        """The service's answer, when and if it arrives."""
        self.calls.append(path)
        time.sleep(self.delay_seconds)
        if self.down:
            return 503, {"code": "unavailable"}
        answer = copy.deepcopy(self._answer(path, body))
        time.sleep(self.answer_seconds)
        if self.loses:
            self.loses -= 1
            return None
        return answer

    def _answer(self, path: str, body: dict[str, Any]) -> Answer:
        if path == "/stock/reserve":
            return self._once(body["idempotency_key"], lambda: self._reserve(body["cart_token"], body["lines"]))
        if path == "/stock/release":
            return self._release(body["reservation_id"])
        if path == "/stock/extend":
            return self._extend(body["cart_token"])
        return 200, {"ok": True, "lines": [{**line, "ok": True, "reason": None} for line in body["lines"]]}

    def _once(self, key: str, work: Callable[[], Answer]) -> Answer:
        """The first answer of a key once more, unless it was that the stock does not cover the lines."""
        answer = self.kept.get(key) or work()
        if answer[0] != 409:
            self.kept[key] = copy.deepcopy(answer)
        return answer

    def _reserve(self, cart: str, lines: list[dict[str, Any]]) -> tuple[int, dict[str, Any]]:
        mine = {hold["sku"]: hold for hold in self.holds.values() if hold["cart_token"] == cart}
        more = {line["sku"]: line["quantity"] - mine.get(line["sku"], {"quantity": 0})["quantity"] for line in lines}
        for sku, units in more.items():
            if sku not in self.free:
                return 404, {"code": "unknown_sku", "sku": sku}
            if self.limit:
                return 409, {"code": "hold_limit_reached", "sku": sku, **self.limit}
            if units > self.free[sku]:
                requested = sum(line["quantity"] for line in lines if line["sku"] == sku)
                retry_at = None if self.retry_seconds is None else _in(self.retry_seconds)
                short = {"sku": sku, "requested": requested, "available": self.free[sku], "retry_at": retry_at}
                return 409, {"code": "out_of_stock", **short}
        answers = []
        for sku, units in more.items():
            hold = mine.get(sku) or self._new(cart, sku)
            self.free[sku] -= units
            hold["quantity"] += units
            answers.append(hold)
        return 200, {"reservations": answers, "hold_ceiling_seconds": self.ceiling_seconds}

    def _new(self, cart: str, sku: str) -> dict[str, Any]:
        name = str(uuid4())
        ends = {"created_at": _in(0), "expires_at": _in(self.hold_seconds)}
        self.holds[name] = {"reservation_id": name, "cart_token": cart, "sku": sku, "quantity": 0, **ends}
        return self.holds[name]

    def _release(self, name: str) -> tuple[int, dict[str, Any]]:
        hold = self.holds.pop(name, None)
        if hold is None:
            return 404, {"code": "unknown_reservation"}
        self.free[hold["sku"]] += hold["quantity"]
        return 200, {"status": "released"}

    def _extend(self, cart: str) -> tuple[int, dict[str, Any]]:
        mine = [hold for hold in self.holds.values() if hold["cart_token"] == cart]
        for hold in mine:
            hold["expires_at"] = _in(self.hold_seconds + 600)
        return 200, {"status": "active", "reservations": mine}


def _in(seconds: float) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()
