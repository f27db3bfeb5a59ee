"""Inputs of the function: lines, holds and names in every combination, spelled as the writer of guards spells them."""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson

from reservations.shopify.guard.hold_table import pages_of
from reservations.shopify.guard.metafield_value import guard_value

TITLE = "Camiseta de algodão orgânico, gola careca, manga curta"
_NAME = "7d1f6a52-9c3e-4b7a-8f21-3d1a4f0b6f01"
_FIRST_STOCK = 4_000_000
_UNTIL = datetime(2026, 11, 28, 14, 3, tzinfo=UTC)

Hold = tuple[str, int, int]


class Ids:
    """Ids as the service makes them: the time first, then random bits. The same at each call of a program."""

    def __init__(self) -> None:
        """Begin anew."""
        self.rng = random.Random(7)

    def __call__(self) -> str:
        """One more."""
        return str(UUID(int=(0x01A2239BDC39 << 80) | (7 << 76) | (2 << 62) | self.rng.getrandbits(61)))


def others(ids: Ids, count: int) -> list[Hold]:
    """Holds of stocks that are not in the cart."""
    return [(ids(), _FIRST_STOCK + 1000 + number, 1) for number in range(count)]


def line(stock: int, free: int, holds: Sequence[Hold], named: str | None, *, quantity: int = 1) -> dict[str, Any]:
    """A line of a scarce variant, which tells all that one can, and names a hold."""
    told = [(each, units) for each, _, units in holds]
    value = guard_value(_FIRST_STOCK + stock, free, told, TITLE, nameless=1, until=_UNTIL)
    attribute = {"v": f"{named}:{_NAME[-12:]}"} if named else None
    return {"q": quantity, "a": attribute, "m": {"g": {"j": orjson.loads(value)}}}


def cart(lines: list[dict[str, Any]], table: list[Hold], named: Sequence[str] = (), name: str = _NAME) -> str:
    """The whole input; `named` are the holds in the cart's own attribute, and `name` is its own."""
    pages = {f"p{number}": {"j": orjson.loads(page)} for number, page in enumerate(pages_of(table), start=1)}
    return orjson.dumps(
        {
            "localization": {"language": {"isoCode": "PT_BR"}},
            "validation": pages,
            "cart": {
                "holds": {"v": ",".join(named)} if named else None,
                "name": {"v": name} if name else None,
                "lines": lines,
            },
        }
    ).decode()


def matrix(counts: Sequence[int], tables: Sequence[int]) -> Iterator[tuple[str, int, int, str]]:
    """(kind, lines, holds in the table, input) for each number of lines and of holds in the table."""
    for lines in counts:
        for living in tables:
            for kind, (made, held, named) in _kinds(lines).items():
                ids = Ids()
                table = [*held, *others(ids, max(0, living - len(held)))]
                yield kind, lines, living, cart(made, table, named, "" if kind in _NAMELESS else _NAME)


_NAMELESS = {"held by carts without a name, as it is", "refused, without a name"}


def _kinds(count: int) -> dict[str, tuple[list[dict[str, Any]], list[Hold], list[str]]]:
    ids = Ids()
    own = [(ids(), _FIRST_STOCK + stock, 1) for stock in range(count)]
    pairs = [[one, (ids(), one[1], 1)] for one in own]
    both = [hold for pair in pairs for hold in pair]
    dead = [ids() for _ in range(count)]
    names = [hold for hold, _, _ in own]
    plain: list[dict[str, Any]] = [{"q": 1, "a": None, "m": {"g": None}} for _ in range(count)]
    many = [line(0, 0, own, name) for name in names]
    return {
        "none scarce": (plain, [], []),
        "free, with names that are over": ([line(at, 1, own[at : at + 1], dead[at]) for at in range(count)], [], []),
        "refused": ([line(at, 0, [], None) for at in range(count)], [], []),
        "refused, with names that are over": (
            [line(at, 0, own[at : at + 1], dead[at]) for at in range(count)],
            [],
            dead,
        ),
        "held, by the line": ([line(at, 0, own[at : at + 1], names[at]) for at in range(count)], [], []),
        "held, by line and cart": ([line(at, 0, own[at : at + 1], names[at]) for at in range(count)], [], names),
        "held, by the cart": ([line(at, 0, own[at : at + 1], None) for at in range(count)], [], names),
        "held, by the cart, lines name another": (
            [line(at, 0, own[at : at + 1], dead[at]) for at in range(count)],
            [],
            names,
        ),
        "held in the table, by the line": ([line(at, 0, pairs[at], names[at]) for at in range(count)], both, []),
        "held in the table, by the cart": ([line(at, 0, pairs[at], None) for at in range(count)], both, names),
        "held in the table, lines name another": (
            [line(at, 0, pairs[at], dead[at]) for at in range(count)],
            both,
            names,
        ),
        "two lines of each stock": (
            [line(at // 2, 1, own[at // 2 : at // 2 + 1], names[at // 2]) for at in range(count)],
            [],
            [],
        ),
        "held by carts without a name, as it is": (
            [line(at, 0, pairs[at], None) for at in range(count)],
            both,
            [],
        ),
        "refused, without a name": (
            [line(at, 0, own[at : at + 1], None, quantity=2) for at in range(count)],
            [],
            [],
        ),
        "one stock, each line another hold": (many, [(hold, _FIRST_STOCK, 1) for hold, _, _ in own], []),
        "one stock, each line another name that is over": (
            [line(0, 0, both[:2], name) for name in dead],
            both[:2],
            dead,
        ),
    }
