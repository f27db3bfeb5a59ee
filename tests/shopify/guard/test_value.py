"""The metafields' values: what they say, and what they leave out where there is no room."""

from datetime import UTC, datetime
from uuid import UUID

import orjson
import pytest

from reservations.shopify.guard.hold_table import MOST_BYTES, pages_of
from reservations.shopify.guard.metafield_value import guard_value, stock_key

ANA = "01a2239b-dc39-7d41-9c2a-4136c566a962"
BETO = "01a2239b-dc39-7d41-9c2a-1a9d7a0c1e02"


def _told(free: int, *holds: tuple[str, int], title: str = "Camiseta") -> str:
    return str(orjson.loads(guard_value(4_000_000, free, holds, title)))


def test_a_variant_tells_its_stock_its_free_units_its_hold_and_its_title() -> None:
    assert _told(4) == "2dqf4" + "4" + "0~Camiseta" == f"{stock_key(4_000_000)}40~Camiseta"
    assert _told(0, (ANA, 3)) == "2dqf4" + "0" + "34136c566a962~Camiseta"


def test_it_tells_what_carts_without_a_name_hold_and_when_the_first_unit_comes_free() -> None:
    until = datetime(2026, 11, 28, 14, 3, tzinfo=UTC)
    told = [
        orjson.loads(guard_value(4_000_000, 0, [(ANA, 1)], "Boné", nameless=units, until=at))
        for units, at in ((0, until), (2, None), (500, until))
    ]
    assert told == [f"2dqf4014136c566a962{more}~Bon%C3%A9" for more in ("01403", "2", "}1403")]


def test_of_several_holds_it_refers_to_the_table() -> None:
    assert _told(0, (ANA, 3), (BETO, 1)) == "2dqf4" + "0" + "+~Camiseta"


def test_a_shortfall_is_spelled_as_nothing_free() -> None:
    assert _told(-7)[5] == "0"


@pytest.mark.parametrize("units", [9, 10, 44, 79, 500, 1_000_000])
def test_a_number_is_one_character_however_large(units: int) -> None:
    assert ord(_told(units)[5]) - ord("0") == min(units, 9_999)


def test_a_value_is_short_whatever_the_title() -> None:
    for title in ("Camiseta de algodão orgânico", "ç" * 255, 'a "b" \\ ~ 100 %', "日本語のタイトル", ""):
        value = guard_value(1, 0, [(ANA, 1)], title, nameless=1, until=datetime(2026, 11, 28, 14, 3, tzinfo=UTC))
        assert value.isascii()
        assert len(value) <= 2 + 5 + 1 + 1 + 12 + 1 + 4 + 1 + 20
    assert _told(0, title="Camiseta de algodão") == "2dqf4" + "00~Camiseta de algod"


def _holds(count: int) -> list[tuple[str, int, int]]:
    return [
        (str(UUID(int=7**300 * number % 2**128)), 1 + number % 50, 1 + number % 78) for number in range(1, count + 1)
    ]


def test_a_page_of_the_table_is_never_longer_than_a_function_is_given() -> None:
    pages = [page.encode() for page in pages_of(_holds(5_000))]
    assert all(MOST_BYTES - 20 < len(page) <= MOST_BYTES for page in pages)


def test_the_table_has_room_for_two_thousand_holds() -> None:
    told = "".join(records for page in pages_of(_holds(2_000)) for records in orjson.loads(page).values())
    assert len(told) == 2_000 * 18


def test_a_hold_of_many_units_is_in_the_table_several_times_and_all_of_it_in_ascii() -> None:
    pages = pages_of([(ANA, 1, 300), (BETO, 1, 78), (ANA[:-1] + "3", 1, 1_000_000)])
    assert all(page.isascii() for page in pages)
    told = [records for page in pages for records in orjson.loads(page).values() if records]
    units = [sum(ord(records[at + 17]) - ord("0") for at in range(0, len(records), 18)) for records in told]
    assert units == [78, 300 + 9_999]


def test_where_room_is_short_the_oldest_holds_stay() -> None:
    holds = _holds(3_000)
    told = "".join(records for page in pages_of(holds) for records in orjson.loads(page).values())
    kept = [hold[-12:] in told for hold, _, _ in holds]
    assert all(kept[:2_000])
    assert not all(kept)


def test_records_are_in_the_order_of_their_ids() -> None:
    for page in pages_of(_holds(500)):
        for first, records in orjson.loads(page).items():
            ids = [records[at : at + 12] for at in range(0, len(records), 18)]
            assert ids == sorted(ids)
            assert all(each[0] == first for each in ids)
