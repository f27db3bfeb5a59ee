"""POST /stock/reserve."""

from uuid import uuid4

import pytest

from tests.api.client import Merchant, body_of, outcome
from tests.factories import numbers, stock_of

pytestmark = pytest.mark.django_db


def _lines(**quantities: int) -> list[dict[str, object]]:
    return [{"sku": sku, "quantity": quantity} for sku, quantity in quantities.items()]


def test_all_lines_of_a_cart_are_held_in_the_order_sent() -> None:
    merchant = Merchant()
    for sku in ("A", "B"):
        stock_of(merchant.shop, 5, sku=sku)
    cart = str(uuid4())
    response = merchant.post("/stock/reserve", {"cart_token": cart, "lines": _lines(B=2, A=1)})
    held = body_of(response)["reservations"]
    assert [(hold["sku"], hold["quantity"], hold["cart_token"]) for hold in held] == [("B", 2, cart), ("A", 1, cart)]


def test_one_short_line_leaves_no_trace_of_the_others() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 5, sku="A")
    stock_of(merchant.shop, 1, sku="B")
    stock_of(merchant.shop, 0, sku="C")
    response = merchant.post("/stock/reserve", {"cart_token": str(uuid4()), "lines": _lines(A=1, B=2, C=1)})
    assert outcome(response) == (409, "out_of_stock")
    short = [(line["sku"], line["requested"], line["available"]) for line in body_of(response)["lines"]]
    assert short == [("B", 2, 1), ("C", 1, 0)]
    assert numbers(merchant.shop, "A") == (5, 0, 0)


def test_two_lines_of_one_sku_want_the_sum_of_both() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 5, sku="A")
    lines = [*_lines(A=2), *_lines(A=2)]
    held = body_of(merchant.post("/stock/reserve", {"cart_token": str(uuid4()), "lines": lines}))["reservations"]
    assert [hold["quantity"] for hold in held] == [4]
    too_many = merchant.post("/stock/reserve", {"cart_token": str(uuid4()), "lines": lines})
    assert outcome(too_many) == (409, "out_of_stock")


def test_a_cart_with_an_unknown_sku_holds_nothing() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 5, sku="A")
    response = merchant.post("/stock/reserve", {"cart_token": str(uuid4()), "lines": _lines(A=1, NOPE=1)})
    assert outcome(response) == (404, "unknown_sku")
    assert numbers(merchant.shop, "A") == (5, 0, 0)


def test_two_hundred_lines_pass_and_one_more_does_not() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 1_000, sku="A")
    cart = str(uuid4())
    assert outcome(merchant.post("/stock/reserve", {"cart_token": cart, "lines": _lines(A=1) * 200}))[0] == 200
    response = merchant.post("/stock/reserve", {"cart_token": cart, "lines": _lines(A=1) * 201})
    assert outcome(response) == (400, "invalid_input")
    assert body_of(response)["errors"] == [{"field": "lines", "code": "too_many"}]


def test_the_largest_cart_possible_is_a_refusal_and_no_overflow() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 1, sku="A")
    response = merchant.post("/stock/reserve", {"cart_token": str(uuid4()), "lines": _lines(A=1_000_000) * 200})
    assert outcome(response) == (409, "out_of_stock")
    assert body_of(response)["requested"] == 200_000_000


@pytest.mark.parametrize(
    ("body", "problems"),
    [
        ({}, [("cart_token", "required"), ("lines", "required")]),
        ({"cart_token": "x", "lines": []}, [("cart_token", "not_a_uuid"), ("lines", "empty")]),
        ({"cart_token": str(uuid4()), "lines": {}}, [("lines", "not_a_list")]),
        ({"cart_token": str(uuid4()), "lines": "A"}, [("lines", "not_a_list")]),
        ({"cart_token": str(uuid4()), "lines": None}, [("lines", "null")]),
        ({"cart_token": str(uuid4()), "lines": ["A"]}, [("lines[0]", "not_an_object")]),
        ({"cart_token": str(uuid4()), "lines": [None]}, [("lines[0]", "not_an_object")]),
        (
            {"cart_token": str(uuid4()), "lines": [{"sku": "A", "quantity": 1}, {}]},
            [("lines[1].sku", "required"), ("lines[1].quantity", "required")],
        ),
        ({"cart_token": str(uuid4()), "lines": [{"sku": 1, "quantity": 1}]}, [("lines[0].sku", "not_a_string")]),
        ({"cart_token": str(uuid4()), "lines": [{"sku": "", "quantity": 1}]}, [("lines[0].sku", "invalid_sku")]),
        ({"cart_token": str(uuid4()), "lines": [{"sku": "a\nb", "quantity": 1}]}, [("lines[0].sku", "invalid_sku")]),
        (
            {"cart_token": str(uuid4()), "lines": [{"sku": "A", "quantity": 1, "price": 1}]},
            [("lines[0].price", "unknown_member")],
        ),
    ],
)
def test_every_wrong_member_of_a_cart_is_named_by_its_place(
    body: dict[str, object], problems: list[tuple[str, str]]
) -> None:
    response = Merchant().post("/stock/reserve", body)
    assert outcome(response) == (400, "invalid_input")
    assert [(found["field"], found["code"]) for found in body_of(response)["errors"]] == problems
