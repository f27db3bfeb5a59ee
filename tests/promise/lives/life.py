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
# How Shopify sells a variant: from its units, on below zero, or without counting them.
COUNTED, CONTINUES, UNTRACKED = "counted", "continues selling", "untracked"
USUAL = (COUNTED,) * len(SKUS)

# What happens, and how often in proportion.
CHANCES = {
    "place": 26,
    "fill a cart": 4,
    "buy a cart": 5,
    "sell at the till": 4,
    "sell at another till": 3,
    "complete a draft": 4,
    "renew a subscription": 2,
    "place a test order": 2,
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
    "correct a number": 2,
    "let it continue": 1,
}


@dataclass(frozen=True)
class Step:
    """Something that happens; `number` decides the rest of it. For `pause` seconds before it nothing happens."""

    kind: str
    number: int
    pause: int


@dataclass(frozen=True)
class Choices:
    """What the merchant has chosen. `publishes`: this service writes Shopify's inventory, of one location."""

    publishes: bool = False
    tells_test_orders: bool = False
    till_takes_holds: bool = False


@dataclass(frozen=True)
class Life:
    """Units of each SKU at the beginning, those of them `elsewhere`, how each is sold, and the steps."""

    number: int
    units: tuple[int, ...]
    steps: tuple[Step, ...]
    choices: Choices = Choices()
    payments: tuple[str, ...] = PAYMENTS
    natures: tuple[str, ...] = USUAL
    elsewhere: tuple[int, ...] = (0,) * len(SKUS)


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
    choices = Choices(publishes, chance.random() < 0.3, chance.random() < 0.5)
    natures = (COUNTED, COUNTED, chance.choice((COUNTED, COUNTED, CONTINUES, UNTRACKED)))
    elsewhere = tuple(chance.randint(0, 3) for _ in SKUS)
    return Life(number, units, steps, choices, payments, natures, elsewhere)
