"""A topic that nobody handles is found by the lives, topic by topic.

Topics make up for each other's loss, and the sweep for everybody's. So a control takes away whatever would make up for
it, proves that its life still ends right, and then takes the topic's handler away. What updates, closes or cancels a
return moves no unit, and so has no control; nor has a cart, which has bought nothing.
"""

import random
from dataclasses import dataclass

import pytest

from reservations.shopify.webhooks import topics
from sandbox.shopify import RunningStandIn

from .life import SKUS, Choices, Life, Step
from .world import live

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
    pytest.mark.timeout(240),
]

MOST_LIVES = 12
RETURNS = ("returns/process", "reverse_fulfillment_orders/dispose")


@dataclass(frozen=True)
class Control:
    """A life in which `kinds` of things happen in turn, twice; the topics `silent` are never told."""

    kinds: tuple[str, ...]
    silent: tuple[str, ...]
    payments: tuple[str, ...] = ("PAID",)
    units: int = 20
    publishes: bool = False

    def lives(self) -> list[Life]:
        """Lives in which it may show."""
        return [self._life(random.Random(number)) for number in range(MOST_LIVES)]

    def _life(self, chance: random.Random) -> Life:
        steps = tuple(Step(kind, chance.getrandbits(32), 1) for kind in self.kinds * 2)
        return Life(0, (self.units,) * len(SKUS), steps, Choices(self.publishes), self.payments)


CONTROLS = {
    "orders/create": Control(("place",), ("orders/updated",), ("AUTHORIZED",)),
    "orders/paid": Control(("place", "pay"), ("orders/updated",), ("PENDING",)),
    "orders/cancelled": Control(("place", "cancel"), ("orders/updated", "refunds/create")),
    "orders/edited": Control(("place", "edit"), ("orders/updated",)),
    "orders/updated": Control(("place", "fulfil", "exchange at the till"), (*RETURNS, "refunds/create")),
    "refunds/create": Control(("place", "refund"), ("orders/updated",)),
    "returns/process": Control(
        ("place", "fulfil", "open a return", "process a return"),
        ("orders/updated", "refunds/create", "reverse_fulfillment_orders/dispose"),
    ),
    "reverse_fulfillment_orders/dispose": Control(
        ("place", "fulfil", "open a return", "process a return", "dispose"), ()
    ),
    "products/update": Control(("let it continue", "place", "place", "place"), (), units=1),
    "inventory_levels/update": Control(("place", "correct a number"), (), publishes=True),
}


@pytest.mark.parametrize("topic", CONTROLS)
def test_a_topic_that_nobody_handles_is_found(
    shopify: RunningStandIn, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    control = CONTROLS[topic]

    def ends_wrong(life: Life) -> bool:
        return bool(live(shopify, life, ignores=control.silent, loses=False, sweeps=False).wrong)

    def is_found(life: Life) -> bool:
        with monkeypatch.context() as patch:
            patch.delitem(topics.HANDLERS, topic)
            wrong = ends_wrong(life)
        return wrong and not ends_wrong(life)

    assert any(is_found(life) for life in control.lives())
