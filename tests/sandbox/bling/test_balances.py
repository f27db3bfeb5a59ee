"""Balances: an answer that leaves a product out says that its balance is unknown, not that it is zero."""

from typing import Any

import pytest

from tests.sandbox.bling.client import Client
from tests.support.patience import wait_until


def _ids(rows: list[dict[str, Any]]) -> list[int]:
    return sorted(row["produto"]["id"] for row in rows)


def test_balances_come_with_totals_and_each_deposit(client: Client) -> None:
    product, deposit = client.products()["SKU-BZC-001"], client.deposit()
    assert client.get("/estoques/saldos", idsProdutos=[product]) == [
        {
            "produto": {"id": product, "codigo": "SKU-BZC-001"},
            "saldoFisicoTotal": 10,
            "saldoVirtualTotal": 10,
            "depositos": [{"id": deposit, "saldoFisico": 10, "saldoVirtual": 10}],
        }
    ]


def test_balances_of_one_deposit_have_its_totals_and_no_list(client: Client) -> None:
    product = client.products()["SKU-BZC-001"]
    empty = client.serving.control.post("deposits", name="Filial")["id"]
    (row,) = client.get(f"/estoques/saldos/{empty}", idsProdutos=[product])
    assert (row["saldoFisicoTotal"], "depositos" in row) == (0, False)
    assert client.send("GET", "/estoques/saldos/1", params={"idsProdutos[]": product}).status_code == 404


def test_asking_for_no_product_is_refused(client: Client) -> None:
    assert client.send("GET", "/estoques/saldos").status_code == 400
    assert client.send("GET", "/estoques/saldos", params={"idsProdutos[]": "abc"}).status_code == 400


def test_unknown_and_deleted_ids_are_left_out_without_a_word(client: Client) -> None:
    products = client.products()
    client.serving.control.post("products/delete", sku="SKU-BZC-002")
    known = products["SKU-BZC-001"]
    assert _ids(client.get("/estoques/saldos", idsProdutos=[known, products["SKU-BZC-002"], 1])) == [known]
    assert client.get("/estoques/saldos", idsProdutos=[1]) == []


def test_codes_alone_resolve_active_products_and_none_resolved_is_an_error(client: Client) -> None:
    client.serving.control.post("products/change", sku="SKU-BZC-002", situation="I")
    found = client.get("/estoques/saldos", codigos=["SKU-BZC-001", "SKU-BZC-002", "NOPE"])
    assert [row["produto"]["codigo"] for row in found] == ["SKU-BZC-001"]
    answer = client.send("GET", "/estoques/saldos", params={"codigos[]": "NOPE"})
    assert answer.json()["error"]["description"] == "nenhum produto foi informado"


def test_a_product_can_be_made_to_vanish_from_answers(client: Client) -> None:
    products = client.products()
    client.serving.control.post("behaviour", hidden_products=[products["SKU-BZC-001"]])
    found = client.get("/estoques/saldos", idsProdutos=list(products.values()))
    assert _ids(found) == [products["SKU-BZC-002"]]


@pytest.mark.parametrize(("wanted", "skus"), [(0, ["ZERO"]), (1, ["SKU-BZC-001", "SKU-BZC-002"]), (2, ["MENOS"])])
def test_the_filter_shows_zero_positive_or_negative_balances(client: Client, wanted: int, skus: list[str]) -> None:
    control = client.serving.control
    control.post("products", products=[{"sku": "ZERO", "quantity": 0}, {"sku": "MENOS", "quantity": -3}])
    ids = list(client.products().values())
    found = client.get("/estoques/saldos", idsProdutos=ids, filtroSaldoEstoque=wanted)
    assert sorted(row["produto"]["codigo"] for row in found) == skus
    assert len(client.get("/estoques/saldos", idsProdutos=ids)) == 4
    control.post("behaviour", positive_only=True)
    assert len(client.get("/estoques/saldos", idsProdutos=ids)) == 2


def test_deposits_that_do_not_count_are_left_out_of_the_totals(client: Client) -> None:
    product = client.products()["SKU-BZC-001"]
    ignored = client.serving.control.post("deposits", name="Virtual", ignored=True)["id"]
    client.serving.control.post("movements", product_id=product, operation="S", quantity=27, deposit_id=ignored)
    (row,) = client.get("/estoques/saldos", idsProdutos=[product])
    assert row["saldoFisicoTotal"] == 10
    assert {"id": ignored, "saldoFisico": -27, "saldoVirtual": -27} in row["depositos"]


def test_fractions_are_numbers_in_an_answer(client: Client) -> None:
    product = client.products()["SKU-BZC-001"]
    client.serving.control.post("movements", product_id=product, operation="B", quantity=2.5)
    assert client.balance(product) == (2.5, 2.5)


def test_a_read_can_be_made_to_lag_behind_the_books(client: Client) -> None:
    product = client.products()["SKU-BZC-001"]
    client.move(product, 4)
    # Before there was anything.
    client.serving.control.post("behaviour", read_lag=1_000.0)
    assert client.balance(product) == (0, 0)
    client.serving.control.post("behaviour", read_lag=0.25)
    wait_until(lambda: client.balance(product) == (6, 6))


def test_two_hundred_ids_fit_into_an_address_and_three_hundred_do_not(client: Client) -> None:
    def status(count: int) -> int:
        return client.send("GET", "/estoques/saldos", params={"idsProdutos[]": [16_000_000_004] * count}).status_code

    assert (status(200), status(300)) == (200, 414)
