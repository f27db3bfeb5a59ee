"""POST /estoques: each accepted one moves the books once, and nobody can read it back."""

from typing import Any

import pytest

from tests.sandbox.bling.client import Client


@pytest.fixture
def product(client: Client) -> int:
    """The product with ten units."""
    return client.products()["SKU-BZC-001"]


def test_entries_exits_and_balances_move_the_stock_as_measured(client: Client, product: int) -> None:
    client.move(product, 0, "B")
    seen = []
    for operation, quantity in (("E", 10), ("S", 3), ("B", 5)):
        answer = client.move(product, quantity, operation)
        assert answer.status_code == 201
        assert set(answer.json()["data"]) == {"id"}
        seen.append(client.balance(product)[0])
    assert seen == [10, 7, 5]


def test_stock_falls_below_zero_without_complaint(client: Client, product: int) -> None:
    assert client.move(product, 12).status_code == 201
    assert client.balance(product) == (-2, -2)


def test_the_same_movement_twice_moves_the_stock_twice(client: Client, product: int) -> None:
    for _ in range(2):
        assert client.move(product, 1, observacoes="venda 42").status_code == 201
    assert client.balance(product)[0] == 8


@pytest.mark.parametrize(
    "change",
    [
        {"operacao": "X"},
        {"operacao": None},
        {"operacao": "s"},
        {"tipoOperacao": "S"},
        {"observacao": "misspelt"},
        {"quantidade": "1"},
        {"quantidade": None},
        {"quantidade": True},
        {"quantidade": 0},
        {"quantidade": -1},
        {"produto": {"id": 1}},
        {"produto": {"id": "16000000004"}},
        {"produto": {}},
        {"produto": None},
        {"deposito": {"id": 1}},
        {"deposito": None},
    ],
)
def test_a_movement_that_is_not_exactly_right_moves_nothing(client: Client, product: int, change: Any) -> None:
    body = {"produto": {"id": product}, "deposito": {"id": client.deposit()}, "operacao": "S", "quantidade": 1}
    answer = client.send("POST", "/estoques", json=body | change)
    assert answer.status_code == 400
    assert answer.json()["error"]["fields"][0]["element"]
    assert client.balance(product) == (10, 10)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "EMPTY_REQUEST_BODY"),
        (b"{", "INVALID_REQUEST_BODY"),
        (b"[]", "INVALID_REQUEST_BODY"),
        (b'{"quantidade": NaN}', "INVALID_REQUEST_BODY"),
    ],
)
def test_a_body_that_is_no_object_is_named_as_such(client: Client, body: bytes, kind: str) -> None:
    answer = client.send("POST", "/estoques", data=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["error"]["type"]) == (400, kind)


def test_movements_cannot_be_listed_nor_read(client: Client, product: int) -> None:
    number = client.move(product, 1).json()["data"]["id"]
    assert client.send("GET", "/estoques").status_code == 405
    assert client.send("GET", f"/estoques/{number}").status_code == 404


def test_the_books_tell_who_moved_what_and_when(client: Client, product: int) -> None:
    client.move(product, 2, observacoes="venda 7")
    client.serving.control.post("movements", sku="SKU-BZC-001", quantity=3, who="balcão")
    client.serving.control.post("movements", sku="SKU-BZC-001", operation="B", quantity=9, who="inventário")
    rows = client.serving.control.get("movements", after=2)["movements"]
    told = [(row["origin"], row["operation"], row["delta"], row["physical"], row["note"]) for row in rows]
    assert told == [("api", "S", -2, 8, "venda 7"), ("balcão", "S", -3, 5, ""), ("inventário", "B", 4, 9, "")]
    assert [row["number"] for row in rows] == [3, 4, 5]
    assert rows[0]["at"] <= rows[1]["at"] <= rows[2]["at"]


def test_the_books_know_the_balance_whatever_the_answers_said(client: Client, product: int) -> None:
    client.serving.control.post("behaviour", read_lag=3600, hidden_products=[product])
    client.move(product, 4)
    truth = {row["sku"]: row["physical"] for row in client.serving.control.get("balances")["balances"]}
    assert truth == {"SKU-BZC-001": 6, "SKU-BZC-002": 5}
