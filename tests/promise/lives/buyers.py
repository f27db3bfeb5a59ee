"""Buyers: they fill carts and place orders at Shopify's stand-in, in the store, at tills, by draft or subscription."""

import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sandbox.shopify import RunningStandIn, payloads, trade
from sandbox.shopify.entities import Location, Order, Variant, stamp
from sandbox.shopify.store import Store

from .life import SKUS, Step

GATEWAYS = ("Pix", "Boleto", "Cartão", "bank_deposit")
# As many units of one line as anybody asks for.
MOST_UNITS = 3
# What is typed for an item that no variant sells: nothing, a name of its own, or the name of something in the stock.
TYPED = (None, "AVULSO", SKUS[0])


class Buyers:
    """Plays steps; a step for which nothing is there yet does nothing. `payments` are those a new order may have."""

    def __init__(self, serving: RunningStandIn, store: Store, payments: Sequence[str]) -> None:
        self.shopify, self.store, self.payments = serving.shopify, store, payments
        self.variants = [self._variant(sku) for sku in SKUS]
        self.home, self.elsewhere = store.locations.values()
        self.story: list[str] = []
        self.carts: list[str] = []
        self.chance = random.Random(0)

    def play(self, step: Step) -> None:
        """Let it happen."""
        self.chance = random.Random(step.number)
        with self.shopify.lock:
            self.shopify.clock.skip(step.pause)
            getattr(self, step.kind.replace(" ", "_"))()

    def place(self) -> None:
        payment = self.chance.choice(self.payments)
        due = self.chance.random() < 0.2 and payment == "PENDING"
        self._buy(payment, "web", terms_due=self.store.now() + timedelta(days=30) if due else None)

    def place_a_test_order(self) -> None:
        self._buy("PAID", "web", test=True)

    def sell_at_the_till(self) -> None:
        self._buy("PAID", "pos", location=self.home)

    def sell_at_another_till(self) -> None:
        self._buy("PAID", "pos", location=self.elsewhere)

    def complete_a_draft(self) -> None:
        self._buy(self.chance.choice(self.payments), "shopify_draft_order")

    def renew_a_subscription(self) -> None:
        self._buy("PAID", "subscription_contract")

    def fill_a_cart(self) -> None:
        token = str(UUID(int=self.chance.getrandbits(128)))
        lines = [{"variant": one.variant, "quantity": one.quantity} for one in self._wanted(self.home)]
        self.carts.append(token)
        self._tell_cart(token, lines, "carts/create")
        self._say(f"a cart: {self._named(lines)}")

    def buy_a_cart(self) -> None:
        if self.carts:
            self._buy("PAID", "web", cart_token=self.chance.choice(self.carts))

    def _buy(self, payment: str, source: str, *, location: Location | None = None, **how: Any) -> None:
        wanted = self._wanted(location or self.home)
        # Only people who write an order themselves add what no variant sells.
        if source in ("pos", "shopify_draft_order") and self.chance.random() < 0.3:
            wanted.append(trade.Wanted(None, self.chance.randint(1, MOST_UNITS), sku=self.chance.choice(TYPED)))
        if not wanted:
            return
        gateways = (self.chance.choice(GATEWAYS),)
        made = trade.buy(
            self.shopify,
            self.store,
            wanted,
            trade.Circumstances(payment=payment, source=source, gateways=gateways, location=location, **how),
        )
        lines = self._named([{"variant": one.variant, "quantity": one.quantity} for one in wanted])
        where = ", elsewhere" if location is self.elsewhere else ""
        test = ", a test" if made.test else ""
        self._say(f"{made.name} is placed by {source}{where}{test}, {payment} by {gateways[0]}: {lines}")

    def _wanted(self, location: Location) -> list[trade.Wanted]:
        """One to three lines of what Shopify sells at the location; some of them the components of a bundle."""
        chosen = self.chance.sample(self.variants, self.chance.choice((1, 1, 2, 3)))
        free = {variant: self._offered(variant, location) for variant in chosen}
        bundle = "Kit" if self.chance.random() < 0.15 else None
        return [
            trade.Wanted(variant, self.chance.randint(1, min(MOST_UNITS, units)), bundle=bundle)
            for variant, units in free.items()
            if units > 0
        ]

    def _offered(self, variant: Variant, location: Location) -> int:
        if variant.inventory_policy == "CONTINUE" or not variant.inventory_item.tracked:
            return MOST_UNITS
        return self.store.activate(variant.inventory_item, location).units["available"]

    def _place_of(self, order: Order) -> Location:
        return order.retail_location or self.home

    def _tell_cart(self, token: str, lines: list[dict[str, Any]], topic: str) -> None:
        now = stamp(self.store.now()) or ""
        self.shopify.webhooks.send(self.store, topic, payloads.cart(self.store, token, lines, now, now))

    def _variant(self, sku: str) -> Variant:
        return next(variant for variant in self.store.variants.values() if variant.sku == sku)

    def _say(self, sentence: str) -> None:
        self.story.append(sentence)

    def _named(self, lines: list[dict[str, Any]]) -> str:
        return ", ".join(f"{row['quantity']} {_sku(row['variant'])}" for row in lines) or "nothing"


def _sku(variant: Variant | None) -> str | None:
    return variant.sku if variant else "that no variant sells"
