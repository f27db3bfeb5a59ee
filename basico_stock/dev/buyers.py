"""Shoppers that call the service over HTTP, alone or all in the same instant."""

import http.client
import json
import threading
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

TIMEOUT_SECONDS = 30


@dataclass(frozen=True)
class Answer:
    """The answer to a shopper: the HTTP status and the JSON body."""

    status: int
    body: dict[str, Any]

    def __str__(self) -> str:
        said = self.body.get("detail") or self.body.get("status") or ""
        return f"{self.status} {self.body.get('code', '')} {said}".replace("  ", " ")


@dataclass(frozen=True)
class Buyer:
    """A shopper in the shop that owns `api_key`."""

    host: str
    port: int
    api_key: str

    def reserve(self, sku: str) -> Answer:
        """Ask for one unit of `sku`."""
        return self._post(f"/stock/{quote(sku, safe='')}/reserve", {"quantity": 1})

    def confirm(self, reservation_id: str) -> Answer:
        """Pay: confirm a reservation."""
        return self._post("/stock/confirm", {"reservation_id": reservation_id})

    def _post(self, path: str, body: dict[str, object]) -> Answer:
        connection = http.client.HTTPConnection(self.host, self.port, timeout=TIMEOUT_SECONDS)
        headers = {"Content-Type": "application/json", "Authorization": f"Api-Key {self.api_key}"}
        try:
            connection.request("POST", path, json.dumps(body), headers)
            response = connection.getresponse()
            return Answer(response.status, json.loads(response.read()))
        finally:
            connection.close()


def race(buyer: Buyer, sku: str, buyers: int) -> list[Answer]:
    """Let `buyers` buyers ask for one unit of `sku` in the same instant; returns an answer for each, in their order."""
    answers: list[Answer | None] = [None] * buyers
    barrier = threading.Barrier(buyers)

    def ask(number: int) -> None:
        barrier.wait()
        answers[number] = buyer.reserve(sku)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(buyers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [answer or Answer(0, {"detail": "no answer"}) for answer in answers]
