"""Webhooks on their way: each arrives at once, after some more steps, after the sweep, twice, or never."""

import random
from collections.abc import Collection
from dataclasses import dataclass

from django.test import Client

from sandbox.shopify.shopify import Shopify
from sandbox.web import Delivery

ADDRESS = "/shopify/webhooks"
LOST, DOUBLED, DELAYED, VERY_LATE = 0.12, 0.15, 0.4, 0.05
LONGEST_DELAY = 5
# After every step of a life: when Shopify tells of an outage a day later, the sweep was there before.
AFTER_THE_SWEEP = 10_000


@dataclass(frozen=True)
class Letter:
    """A webhook, and the number of steps after which it arrives."""

    delivery: Delivery
    due: int


class Mail:
    """Takes what the stand-in sends, and brings it. `loses` False: nothing gets lost, so that no sweep is needed."""

    def __init__(self, shopify: Shopify, shop: str, *, ignores: Collection[str] = (), loses: bool = True) -> None:
        """Topics that it `ignores` never arrive: Shopify was not asked for them."""
        self._shopify, self._shop, self._ignores, self._loses = shopify, shop, ignores, loses
        self._seen = len(shopify.deliveries.sent)
        self._bag: list[Letter] = []
        self._client = Client(raise_request_exception=False)
        self.lost: list[str] = []

    def collect(self, step: int, number: int) -> None:
        """Take what was sent since; `number` decides what becomes of each."""
        chance = random.Random(number + 1)
        sent = self._shopify.deliveries.sent
        fresh = [one for one in sent[self._seen :] if one.account == self._shop and one.topic not in self._ignores]
        self._seen = len(sent)
        for delivery in fresh:
            if chance.random() < LOST and self._loses:
                self.lost.append(delivery.topic)
                continue
            for _ in range(2 if chance.random() < DOUBLED else 1):
                self._bag.append(Letter(delivery, step + self._travel(chance)))

    def bring(self, step: int, number: int) -> int:
        """Deliver what is due by `step`, in no order; returns how many there were."""
        due = [letter for letter in self._bag if letter.due <= step]
        self._bag = [letter for letter in self._bag if letter.due > step]
        random.Random(number + 2).shuffle(due)
        for letter in due:
            headers = {name: value for name, value in letter.delivery.headers.items() if name != "Content-Type"}
            answer = self._client.generic(
                "POST", ADDRESS, letter.delivery.body, content_type="application/json", headers=headers
            )
            assert answer.status_code == 200, (answer.status_code, letter.delivery.topic)
        return len(due)

    def _travel(self, chance: random.Random) -> int:
        if chance.random() < VERY_LATE:
            return AFTER_THE_SWEEP
        return chance.randint(1, LONGEST_DELAY) if chance.random() < DELAYED else 0
