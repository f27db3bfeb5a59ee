"""A small stock behind the app proxy, which answers the script as the service does; a test may make it slow or dead."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4


@dataclass
class Stock:
    """Units by SKU and the holds on them. `delay_seconds` and `down` make it slow and dead."""

    free: dict[str, int]
    hold_seconds: float = 600
    delay_seconds: float = 0
    down: bool = False
    holds: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)

    def held(self, sku: str) -> int:
        return sum(hold["quantity"] for hold in self.holds.values() if hold["sku"] == sku)

    def answer(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        self.calls.append(path)
        time.sleep(self.delay_seconds)
        if self.down:
            return 503, {"code": "unavailable"}
        if path == "/stock/reserve":
            return self._reserve(body["cart_token"], body["lines"])
        if path == "/stock/release":
            return self._release(body["reservation_id"])
        if path == "/stock/extend":
            return self._extend(body["cart_token"])
        return 200, {"ok": True, "lines": [{**line, "ok": True, "reason": None} for line in body["lines"]]}

    def _reserve(self, cart: str, lines: list[dict[str, Any]]) -> tuple[int, dict[str, Any]]:
        mine = {hold["sku"]: hold for hold in self.holds.values() if hold["cart_token"] == cart}
        more = {line["sku"]: line["quantity"] - mine.get(line["sku"], {"quantity": 0})["quantity"] for line in lines}
        for sku, units in more.items():
            if sku not in self.free:
                return 404, {"code": "unknown_sku", "sku": sku}
            if units > self.free[sku]:
                return 409, {"code": "out_of_stock", "available": self.free[sku], "retry_at": _in(300)}
        answers = []
        for sku, units in more.items():
            hold = mine.get(sku) or self._new(cart, sku)
            self.free[sku] -= units
            hold["quantity"] += units
            answers.append(hold)
        return 200, {"reservations": answers}

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
