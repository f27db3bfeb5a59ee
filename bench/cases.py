"""The cases: what buyers ask for, and the stock that they find."""

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

HOT = "HOT"
SOLD_OUT = "SOLD-OUT"
SPREAD = 10_000
# More than the fastest server answers: a cart that comes twice would change its hold instead of making one.
MOST_A_SECOND = 10_000

# Requests as (path, body), so many of them.
Requests = Callable[[random.Random, int], Iterable[tuple[str, str]]]


@dataclass(frozen=True)
class Case:
    """One way of shopping. `rows` is the number of reservations behind a 200, None where it varies."""

    name: str
    title: str
    requests: Requests
    expected: str = "200"
    rows: int | None = 1
    confirms: bool = False
    holds_die: bool = False

    def write(self, target: Path, seconds: float, seed: int) -> Path:
        """Write what a load of so many seconds repeats, "path<tab>body" a line; another `seed`, other carts."""
        requests = self.requests(random.Random(seed), int(MOST_A_SECOND * seconds))
        with target.open("w") as file:
            file.writelines(f"{path}\t{body}\n" for path, body in requests)
        return target


def spread_sku(number: int) -> str:
    """The name of one of the many SKUs."""
    return f"SKU-{number:05d}"


def _same(path: str) -> Requests:
    return lambda *_: [(path, '{"quantity":1}')]


def _with_a_cart(chance: random.Random, count: int) -> Iterator[tuple[str, str]]:
    for _ in range(count):
        yield f"/stock/{HOT}/reserve", f'{{"quantity":1,"cart_token":"{_token(chance)}"}}'


def _spread(chance: random.Random, count: int) -> Iterator[tuple[str, str]]:
    for number in chance.choices(range(SPREAD), k=count):
        yield f"/stock/{spread_sku(number)}/reserve", '{"quantity":1}'


def _three_lines(chance: random.Random, count: int) -> Iterator[tuple[str, str]]:
    """Everybody wants the hot SKU, and with it two things of their own, in any order."""
    for _ in range(count):
        skus = [HOT, *(spread_sku(number) for number in chance.sample(range(SPREAD), 2))]
        chance.shuffle(skus)
        lines = ",".join(f'{{"sku":"{sku}","quantity":1}}' for sku in skus)
        yield "/stock/reserve", f'{{"cart_token":"{_token(chance)}","lines":[{lines}]}}'


def _token(chance: random.Random) -> UUID:
    return UUID(int=chance.getrandbits(128), version=4)


EMPTY = Case("empty", "an empty view", _same("/empty"))
CASES = {
    case.name: case
    for case in (
        Case("hot", "one hot SKU", _same(f"/stock/{HOT}/reserve")),
        Case("cart", "one hot SKU, a cart each", _with_a_cart),
        Case("spread", f"{SPREAD:,} SKUs at random", _spread),
        Case("sold-out", "a SKU that is sold out", _same(f"/stock/{SOLD_OUT}/reserve"), expected="409", rows=None),
        Case("pairs", "reserve, then confirm", _same(f"/stock/{HOT}/reserve"), rows=None, confirms=True),
        Case("lines", "carts of 3 lines", _three_lines, rows=3),
        Case("dying", "one hot SKU, 5 % of holds die", _same(f"/stock/{HOT}/reserve"), holds_die=True),
    )
}
