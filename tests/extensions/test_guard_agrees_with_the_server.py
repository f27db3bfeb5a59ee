"""The validation function and ``POST /cart/validate`` judge the same stock alike."""

import json
import random
import subprocess
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson

from reservations import engine
from reservations.api.cart_validate import _reason
from reservations.shopify.guard.hold_table import pages_of
from reservations.shopify.guard.metafield_value import MOST_TOLD, guard_value
from tests.support.patience import PATIENCE_SECONDS
from tests.support.requirement import program

from .places import GUARD, ROOT

STATES = 10_000
STOCK = 17


@dataclass
class State:
    """One SKU at one moment, and a cart that wants units of it. `free` is negative in a shortfall."""

    free: int
    living: dict[str, int] = field(default_factory=dict)
    own: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    def server_passes(self) -> bool:
        """The server's verdict on these facts."""
        held = sum(self.living[hold] for hold in self.own)
        line = engine.CartLine(sku="SKU-1", requested=sum(self.lines), held=held, free=self.free)
        return _reason(line, None) is None

    def function_input(self, rng: random.Random) -> dict[str, Any]:
        """The same facts as Shopify hands them to the function; each hold is named in the cart, in a line, or both."""
        names = [*self.own, *self.ended]
        in_cart = [name for name in names if rng.random() < 0.5]
        on_lines: list[str | None] = [rng.choice(names) if names else None for _ in self.lines]
        in_cart += [name for name in names if name not in on_lines and name not in in_cart]
        rng.shuffle(in_cart)
        return {
            "localization": {"language": {"isoCode": rng.choice(["PT_BR", "EN"])}},
            "validation": {
                f"p{number}": {"j": orjson.loads(page)} for number, page in enumerate(pages_of(self.table()), start=1)
            },
            "cart": {
                "holds": {"v": ",".join(in_cart)} if in_cart else None,
                "lines": [self.line(*pair) for pair in zip(self.lines, on_lines, strict=True)],
            },
        }

    def line(self, quantity: int, hold: str | None) -> dict[str, Any]:
        """A line as the writer of guards has its variant tell the facts."""
        told = orjson.loads(guard_value(STOCK, self.free, self.living.items(), "Camiseta"))
        return {"q": quantity, "a": {"v": hold} if hold else None, "m": {"g": {"j": told}}}

    def table(self) -> list[tuple[str, int, int]]:
        """The holds that the writer puts into the table."""
        return [(hold, STOCK, units) for hold, units in self.living.items() if len(self.living) > MOST_TOLD]


def a_state(rng: random.Random) -> State:
    state = State(free=rng.randint(-3, 4))
    for _ in range(rng.randint(0, 4)):
        hold = str(UUID(int=rng.getrandbits(128), version=4))
        kind = rng.choice(["own", "other", "ended"])
        if kind == "ended":
            state.ended.append(hold)
            continue
        state.living[hold] = rng.randint(1, 3)
        if kind == "own":
            state.own.append(hold)
    state.lines = [rng.randint(1, 3) for _ in range(rng.randint(1, 3))]
    return state


def verdicts(inputs: list[dict[str, Any]]) -> list[bool]:
    """Whether the function lets each input pass; one Node process judges all."""
    node = program("node", "REQUIRE_NODE")
    command = [node, str(ROOT / "tests" / "extensions" / "verdicts.mjs"), str(GUARD / "src" / "index.js")]
    lines = "".join(json.dumps(each) + "\n" for each in inputs)
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=True, timeout=PATIENCE_SECONDS)
    return [json.loads(line)["operations"] == [] for line in done.stdout.splitlines()]


def test_ten_thousand_carts_are_judged_alike_by_function_and_server() -> None:
    rng = random.Random(20261127)
    states = [a_state(rng) for _ in range(STATES)]
    server = [state.server_passes() for state in states]
    function = verdicts([state.function_input(rng) for state in states])
    differing = [state for state, one, other in zip(states, server, function, strict=True) if one != other]
    assert differing == []
    # Both verdicts occur often enough for agreement to mean something.
    assert STATES // 5 < sum(server) < STATES * 4 // 5


def test_a_function_that_forgot_the_holds_would_be_noticed() -> None:
    rng = random.Random(7)
    states = [a_state(rng) for _ in range(200)]
    inputs = [state.function_input(rng) for state in states]
    for each in inputs:
        each["cart"]["holds"] = None
        for line in each["cart"]["lines"]:
            line["a"] = None
    assert verdicts(inputs) != [state.server_passes() for state in states]
