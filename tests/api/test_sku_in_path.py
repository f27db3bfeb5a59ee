"""Any text of up to 255 characters, percent-encoded, is the address of a SKU; the API refuses what cannot be one."""

from urllib.parse import quote

import pytest

from tests.api.client import Merchant, body_of, outcome
from tests.factories import stock_of

pytestmark = pytest.mark.django_db

ODD_SKUS = [
    "A/B",
    "A//B",
    "/A",
    "A/",
    "../A",
    "two words",
    " surrounded ",
    "ação-çã",
    "商品-1",
    "🧸",
    "e\u0301",
    "a?b=c&d",
    "a#b",
    "100%",
    "%41",
    "%FF",
    "a+b",
    "a;b",
    "a\\b",
    '"quoted"',
    "confirm",
    "reserve",
    "release",
    "extend",
    "A/reserve",
    "reserve/reserve",
    "\u200b",
    "\u2028",
    "x" * 255,
    "ç" * 255,
    "🧸" * 255,
]


@pytest.mark.parametrize("sku", ODD_SKUS, ids=ascii)
def test_an_odd_sku_is_read_and_reserved_by_its_exact_name(sku: str) -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 2, sku=sku)
    address = f"/stock/{quote(sku, safe='')}"
    assert body_of(merchant.get(address))["sku"] == sku
    reserved = body_of(merchant.post(f"{address}/reserve"))
    assert (reserved["sku"], reserved["quantity"]) == (sku, 1)
    assert body_of(merchant.get(address))["quantity"] == 1


@pytest.mark.parametrize("sku", ["A/B", "A//B", "/A", "A/"])
def test_a_slash_may_stay_as_it_is(sku: str) -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 1, sku=sku)
    assert body_of(merchant.get(f"/stock/{sku}"))["sku"] == sku


def test_a_slash_at_the_end_belongs_to_the_sku() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 1, sku="A")
    assert outcome(merchant.get("/stock/A/")) == (404, "unknown_sku")


@pytest.mark.parametrize("character", [chr(code) for code in (*range(0x20), *range(0x7F, 0xA0))], ids=ascii)
def test_a_control_character_makes_no_sku(character: str) -> None:
    merchant = Merchant()
    for sku in (character, f"A{character}B", f"A{character}"):
        assert outcome(merchant.get(f"/stock/{quote(sku, safe='')}")) == (400, "invalid_sku")
        assert outcome(merchant.post(f"/stock/{quote(sku, safe='')}/reserve")) == (400, "invalid_sku")


@pytest.mark.parametrize("character", ["x", "ç", "🧸"])
def test_256_characters_are_one_too_many(character: str) -> None:
    assert outcome(Merchant().get(f"/stock/{quote(character * 256)}")) == (400, "invalid_sku")


def test_an_empty_sku_is_no_address() -> None:
    assert outcome(Merchant().get("/stock/")) == (404, "not_found")


def test_a_command_and_the_sku_of_the_same_name_share_an_address() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 3, sku="confirm")
    assert body_of(merchant.get("/stock/confirm"))["quantity"] == 3
    assert outcome(merchant.post("/stock/confirm", {})) == (400, "invalid_input")
