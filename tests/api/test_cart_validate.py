"""POST /cart/validate: a cart's lines against what is held for it and what is free."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from reservations import engine
from tests.api.client import Merchant, body_of, outcome
from tests.factories import by_id, hold, make_shop, numbers, outlive, put_in_doubt, settle_order, stock_of

pytestmark = pytest.mark.django_db


def _merchant(units: int, **settings: object) -> Merchant:
    merchant = Merchant(make_shop(**settings))
    stock_of(merchant.shop, units)
    return merchant


def _validated(merchant: Merchant, cart: UUID, *quantities: int, sku: str = "SKU-1") -> dict[str, Any]:
    """The answer for a cart whose lines have these quantities of one SKU."""
    lines = [{"sku": sku, "quantity": quantity} for quantity in quantities]
    return body_of(merchant.post("/cart/validate", {"cart_token": str(cart), "lines": lines}))


def test_a_line_that_is_held_for_its_cart_is_good_though_nothing_is_free() -> None:
    merchant, ana = _merchant(1), uuid4()
    hold(merchant.shop, cart=ana)
    line = {"sku": "SKU-1", "requested": 1, "held": 1, "available": 0, "ok": True, "reason": None}
    assert _validated(merchant, ana, 1) == {"cart_token": str(ana), "ok": True, "lines": [line]}


def test_units_in_doubt_are_being_confirmed_and_never_sold_out() -> None:
    merchant = _merchant(0)
    put_in_doubt(merchant.shop, 2)
    assert _validated(merchant, uuid4(), 1)["lines"][0]["reason"] == "Em confirmação."
    put_in_doubt(merchant.shop, 0)
    assert _validated(merchant, uuid4(), 1)["lines"][0]["reason"] == "Esgotado."


@pytest.mark.parametrize(
    ("language", "reason"), [("pt-BR", "Em outros carrinhos agora."), ("en-US", "In other carts right now.")]
)
def test_a_line_that_another_cart_holds_says_until_when_in_the_shoppers_language(language: str, reason: str) -> None:
    merchant = _merchant(1)
    held = hold(merchant.shop, cart=uuid4())
    sent = {"cart_token": str(uuid4()), "lines": [{"sku": "SKU-1", "quantity": 1}]}
    response = merchant.post("/cart/validate", sent, **{"Accept-Language": language})
    verdict = body_of(response)
    assert (verdict["ok"], verdict["lines"][0]["ok"], verdict["lines"][0]["reason"]) == (False, False, reason)
    assert datetime.fromisoformat(verdict["lines"][0]["retry_at"]) == held.expires_at
    assert response["Content-Language"] == language.removesuffix("-US")


def test_what_nobody_holds_is_sold_out() -> None:
    line = _validated(_merchant(0), uuid4(), 1)["lines"][0]
    assert line["reason"] == "Esgotado."
    assert "retry_at" not in line


def test_a_carts_own_hold_is_no_other_carts() -> None:
    merchant, ana = _merchant(1), uuid4()
    hold(merchant.shop, cart=ana)
    line = _validated(merchant, ana, 2)["lines"][0]
    assert (line["reason"], "retry_at" in line) == ("Só há 1 unidade(s) para este carrinho.", False)


def test_units_that_come_free_for_paid_orders_are_nobodys_to_wait_for() -> None:
    merchant = _merchant(1)
    hold(merchant.shop, cart=uuid4())
    settle_order(merchant.shop, "1001", 1)
    assert _validated(merchant, uuid4(), 1)["lines"][0]["reason"] == "Esgotado."


def test_what_is_held_and_what_is_free_are_enough_together() -> None:
    merchant, cart = _merchant(3), uuid4()
    hold(merchant.shop, quantity=2, cart=cart)
    assert _validated(merchant, cart, 3)["ok"]
    line = _validated(merchant, cart, 4)["lines"][0]
    assert (line["held"], line["available"], line["ok"]) == (2, 1, False)
    assert line["reason"] == "Só há 3 unidade(s) para este carrinho."


def test_a_dead_hold_covers_nobody_and_its_units_are_free() -> None:
    merchant, cart = _merchant(1), uuid4()
    outlive(hold(merchant.shop, cart=cart))
    for known in (cart, uuid4()):
        line = _validated(merchant, known, 1)["lines"][0]
        assert (line["held"], line["available"], line["ok"]) == (0, 1, True)


def test_a_sale_covers_no_cart_any_more() -> None:
    merchant, cart = _merchant(1), uuid4()
    engine.confirm(merchant.shop.pk, by_id(hold(merchant.shop, cart=cart)))
    assert not _validated(merchant, cart, 1)["ok"]


def test_lines_of_one_sku_are_summed_before_they_are_judged() -> None:
    merchant = _merchant(3)
    verdict = _validated(merchant, uuid4(), 2, 2)
    assert [(line["requested"], line["ok"]) for line in verdict["lines"]] == [(4, False)]


def test_one_bad_line_makes_the_cart_bad_and_not_its_other_lines() -> None:
    merchant = _merchant(3)
    lines = [{"sku": "SKU-1", "quantity": 1}, {"sku": "NOPE", "quantity": 1}]
    verdict = body_of(merchant.post("/cart/validate", {"cart_token": str(uuid4()), "lines": lines}))
    assert [(line["sku"], line["ok"]) for line in verdict["lines"]] == [("SKU-1", True), ("NOPE", False)]
    assert not verdict["ok"]
    assert verdict["lines"][1]["reason"] == "Este produto não está à venda."


def test_more_units_than_a_cart_may_have_are_named_as_such() -> None:
    merchant = _merchant(9, max_units_per_line=2)
    line = _validated(merchant, uuid4(), 3)["lines"][0]
    assert (line["ok"], line["reason"]) == (False, "Cada carrinho pode ter no máximo 2 unidade(s) deste produto.")


def test_a_shortfall_is_shown_as_nothing_free() -> None:
    merchant = _merchant(5)
    hold(merchant.shop, quantity=5, cart=uuid4())
    engine.apply_count(merchant.shop.pk, "SKU-1", 2)
    line = _validated(merchant, uuid4(), 1)["lines"][0]
    assert (line["available"], line["reason"]) == (0, "Esgotado.")


def test_another_shops_stock_and_holds_are_invisible() -> None:
    merchant, stranger, cart = _merchant(1), Merchant(), uuid4()
    hold(merchant.shop, cart=cart)
    line = _validated(stranger, cart, 1)["lines"][0]
    assert (line["held"], line["available"], line["ok"]) == (0, 0, False)


def test_looking_holds_nothing() -> None:
    merchant = _merchant(3)
    _validated(merchant, uuid4(), 2)
    assert numbers(merchant.shop) == (3, 0, 0)


@pytest.mark.parametrize(
    ("body", "problems"),
    [
        ({}, [("cart_token", "required"), ("lines", "required")]),
        ({"cart_token": "x", "lines": []}, [("cart_token", "not_a_uuid"), ("lines", "empty")]),
        (
            {"cart_token": str(uuid4()), "lines": [{"sku": "A", "quantity": "1"}]},
            [("lines[0].quantity", "not_an_integer")],
        ),
        ({"cart_token": str(uuid4()), "lines": [{"sku": "A", "quantity": 1}], "x": 1}, [("x", "unknown_member")]),
    ],
)
def test_a_body_is_read_as_strictly_as_every_other(body: dict[str, object], problems: list[tuple[str, str]]) -> None:
    response = Merchant().post("/cart/validate", body)
    assert outcome(response) == (400, "invalid_input")
    assert [(found["field"], found["code"]) for found in body_of(response)["errors"]] == problems


def test_a_broken_body_is_a_refusal_before_anything_is_read() -> None:
    assert outcome(Merchant().post("/cart/validate", b'{"lines":[],"lines":[]}')) == (400, "duplicate_key")
    assert outcome(Merchant().get("/cart/validate")) == (405, "method_not_allowed")
