"""The real service behind the little shop's app proxy, on the tests' database, over a line that a test may make bad."""

import random
import threading
import time
from datetime import UTC, datetime
from typing import Any

import orjson
from django.db import connections

from reservations.models import Reservation, Shop, Status
from tests.shopify.proxy.shopper import Shopper
from tests.shopify.webhooks.deliveries import deliver

from .cart import Cart


class RealService:
    """`seconds` is how long the line takes at most, each way, and `loss` how often it swallows what it carries."""

    def __init__(self, shop: Shop, rng: random.Random) -> None:
        self.shop = shop
        self.rng = rng
        self.seconds = 0.0
        self.loss = 0.0
        self.hears = threading.Lock()
        self.listening: list[threading.Thread] = []

    def answer(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]] | None:
        """The service's own answer by its signed address; on a bad line late, or never, with its effect or not."""
        time.sleep(self.seconds * self.rng.random())
        if self.rng.random() < self.loss:
            return None
        response = Shopper(self.shop).post(path, body)
        connections.close_all()
        time.sleep(self.seconds * self.rng.random())
        if self.rng.random() < self.loss:
            return None
        return response.status_code, orjson.loads(response.content)

    def hear(self, cart: Cart) -> None:
        """Deliver the carts webhook a moment later, as Shopify does."""
        now = datetime.now(UTC).isoformat()
        payload = {"id": cart.token, "token": cart.token, "updated_at": now, "line_items": cart.told()}
        payload = orjson.loads(orjson.dumps(payload))
        thread = threading.Thread(target=self._deliver, args=(payload, self.rng.random() / 4))
        thread.start()
        self.listening.append(thread)

    def _deliver(self, payload: dict[str, Any], seconds: float) -> None:
        time.sleep(seconds)
        with self.hears:
            deliver(self.shop, "carts/update", payload)
        connections.close_all()

    def rest(self) -> None:
        """Wait for the webhooks that are under way."""
        while self.listening:
            self.listening.pop().join()

    def held(self, sku: str) -> list[int]:
        """The units of each living hold of the SKU that is no rival's."""
        rows = Reservation.objects.filter(
            shop=self.shop, stock_item__sku=sku, status=Status.ACTIVE, cart_token__isnull=False
        )
        return list(rows.values_list("quantity", flat=True))
