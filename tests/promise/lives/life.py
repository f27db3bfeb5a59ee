"""A life: how many units there are, and what happens to them, drawn from one number.

A step carries a number of its own from which its content is drawn when it is played, so that a life of which some
steps were left out can still be played.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass

# How the payment of an order stands when it is placed.
PAYMENTS = ("PAID", "PAID", "PENDING", "PENDING", "AUTHORIZED")
SKUS = ("AZUL", "BEGE", "CINZA")

# What happens, and how often in proportion.
CHANCES = {
    "place": 26,
    "fill a cart": 4,
    "buy a cart": 5,
    "sell at the till": 4,
    "complete a draft": 4,
    "renew a subscription": 2,
    "pay": 12,
    "let the payment lapse": 3,
    "fulfil": 13,
    "refund": 9,
    "edit": 9,
    "cancel": 6,
    "open a return": 9,
    "process a return": 10,
    "dispose": 4,
    "pay a return back": 4,
    "end a return": 3,
    "exchange at the till": 4,
    "count": 3,
}


@dataclass(frozen=True)
class Step:
    """Something that happens; `number` decides the rest of it. For `pause` seconds before it nothing happens."""

    kind: str
    number: int
    pause: int


@dataclass(frozen=True)
class Life:
    """Units of each SKU at the beginning, and the steps. `publishes`: this service writes Shopify's inventory."""

    number: int
    units: tuple[int, ...]
    steps: tuple[Step, ...]
    publishes: bool = False
    payments: tuple[str, ...] = PAYMENTS


def draw(
    number: int, *, publishes: bool = False, kinds: Sequence[str] = (), payments: tuple[str, ...] = PAYMENTS
) -> Life:
    """The life with this number; with `kinds`, one in which only such things happen."""
    chance = random.Random(number)
    known = list(kinds or CHANCES)
    weights = [CHANCES[kind] for kind in known]
    # Some lives have units in plenty, some so few that the next order has to wait for what comes back.
    scarce = chance.random() < 0.5
    units = tuple(chance.randint(1, 4) if scarce else chance.randint(8, 20) for _ in SKUS)
    steps = tuple(
        Step(kind, chance.getrandbits(32), chance.choice((0, 1, 1, 2, 5)))
        for kind in ["place", *chance.choices(known, weights, k=chance.randint(4, 14))]
    )
    return Life(number, units, steps, publishes, payments)
