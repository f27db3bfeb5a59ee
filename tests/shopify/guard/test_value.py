"""The metafield's value: what it says, and what it leaves out where there is no room."""

from uuid import uuid4

import orjson

from reservations.shopify.guard.metafield_value import MOST_BYTES, guard_value


def _holds(count: int, quantity: int = 1) -> dict[str, int]:
    return {str(uuid4()): quantity for _ in range(count)}


def test_free_units_and_holds_are_spelled_as_the_function_reads_them() -> None:
    holds = _holds(2, quantity=3)
    assert orjson.loads(guard_value(4, holds)) == {"free": 4, "holds": holds}
    assert guard_value(0, {}) == '{"free":0,"holds":{}}'


def test_a_shortfall_is_spelled_as_nothing_free() -> None:
    assert orjson.loads(guard_value(-7, {}))["free"] == 0


def test_a_value_is_never_longer_than_a_function_is_given() -> None:
    for quantity in (1, 99_999, 1_000_000):
        value = guard_value(1_000_000, _holds(1_000, quantity))
        assert MOST_BYTES - 50 < len(value.encode()) <= MOST_BYTES


def test_where_room_is_short_the_oldest_holds_stay_and_no_unit_becomes_free() -> None:
    holds = _holds(1_000)
    told = orjson.loads(guard_value(0, holds))
    assert told["free"] == 0
    assert list(told["holds"]) == list(holds)[: len(told["holds"])]
