"""Products and deposits: what a search shows and what it hides."""

from typing import Any

import pytest

from tests.sandbox.bling.client import Client


def _add(client: Client, *rows: dict[str, Any]) -> list[int]:
    ids: list[int] = client.serving.control.post("products", products=list(rows))["ids"]
    return ids


def test_the_demo_account_has_both_demo_products_with_their_stock(client: Client) -> None:
    stock = {row["codigo"]: row["estoque"]["saldoVirtualTotal"] for row in client.get("/produtos", criterio=2)}
    assert stock == {"SKU-BZC-001": 10, "SKU-BZC-002": 5}


def test_a_search_without_criterion_hides_products(client: Client) -> None:
    assert len(client.get("/produtos")) < len(client.get("/produtos", criterio=2))


def test_pages_hold_a_hundred_and_the_last_one_is_short(client: Client) -> None:
    _add(client, *({"sku": f"P-{number}"} for number in range(148)))
    pages = [client.get("/produtos", criterio=2, pagina=page) for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [100, 50, 0]
    assert len({row["id"] for page in pages for row in page}) == 150


def test_no_page_is_larger_than_a_hundred(client: Client) -> None:
    _add(client, *({"sku": f"P-{number}"} for number in range(148)))
    assert len(client.get("/produtos", criterio=2, limite=500)) == 100


def test_deleted_twins_share_the_code_of_the_living(client: Client) -> None:
    (dead,) = _add(client, {"sku": "SKU-BZC-001"})
    client.serving.control.post("products/delete", product_id=dead)
    assert len(client.get("/produtos", criterio=2, codigos=["SKU-BZC-001"])) == 1
    twins = client.get("/produtos", criterio=5, codigos=["SKU-BZC-001"])
    assert sorted(row["situacao"] for row in twins) == ["A", "E"]


def test_a_code_finds_products_whatever_its_case(client: Client) -> None:
    assert [row["codigo"] for row in client.get("/produtos", criterio=2, codigos=["sku-bzc-001"])] == ["SKU-BZC-001"]


def test_a_code_without_brackets_works_though_nobody_documents_it(client: Client) -> None:
    assert len(client.get("/produtos", criterio=2, codigo="SKU-BZC-002")) == 1


def test_ids_without_brackets_are_no_filter(client: Client) -> None:
    assert len(client.get("/produtos", criterio=2, idsProdutos=str(client.products()["SKU-BZC-001"]))) == 2


@pytest.mark.parametrize(("criterion", "situation"), [(2, "A"), (3, "I"), (4, "E")])
def test_a_criterion_shows_products_of_its_situation(client: Client, criterion: int, situation: str) -> None:
    inactive, deleted = _add(client, {"sku": "I"}, {"sku": "E"})
    client.serving.control.post("products/change", product_id=inactive, situation="I")
    client.serving.control.post("products/delete", product_id=deleted)
    assert {row["situacao"] for row in client.get("/produtos", criterio=criterion)} == {situation}


def test_a_parent_shows_its_variations_each_with_an_id_of_its_own(client: Client) -> None:
    (parent,) = _add(client, {"sku": "CAMISETA", "format": "V"})
    children = _add(client, *({"sku": f"C-{s}", "parent_id": parent, "variation": f"Tamanho:{s}"} for s in "PG"))
    record = client.get(f"/produtos/variacoes/{parent}")
    assert record["formato"] == "V"
    assert [child["id"] for child in record["variacoes"]] == children
    assert record["variacoes"][0]["variacao"]["produtoPai"]["id"] == parent


def test_a_virtual_kit_has_what_its_parts_suffice_for_and_takes_no_movement(client: Client) -> None:
    part = client.products()["SKU-BZC-002"]
    parts = [{"product_id": part, "quantity": 2}]
    (kit,) = _add(client, {"sku": "KIT", "format": "E", "virtual_kit": True, "components": parts})
    record = client.get(f"/produtos/{kit}")
    assert record["estrutura"] == {
        "tipoEstoque": "V",
        "lancamentoEstoque": "A",
        "componentes": [{"produto": {"id": part}, "quantidade": 2}],
    }
    assert record["estoque"]["saldoVirtualTotal"] == 2
    assert client.move(kit, 1).status_code == 400


def test_lot_control_is_asked_for_by_product_ids(client: Client) -> None:
    (lots,) = _add(client, {"sku": "LOTE", "lot_controlled": True})
    plain = client.products()["SKU-BZC-001"]
    found = client.get("/produtos/lotes/controla-lote", idsProdutos=[lots, plain])
    assert found == [{"idProduto": lots, "controlaLote": True}, {"idProduto": plain, "controlaLote": False}]


def test_an_unknown_product_is_not_found(client: Client) -> None:
    answer = client.send("GET", "/produtos/1")
    assert (answer.status_code, answer.json()["error"]["type"]) == (404, "RESOURCE_NOT_FOUND")


def test_exactly_one_deposit_is_the_default_and_inactive_ones_are_asked_for(client: Client) -> None:
    control = client.serving.control
    other = control.post("deposits", name="Filial", default=True)["id"]
    closed = control.post("deposits", name="Antigo")["id"]
    control.post("deposits/change", id=closed, active=False)
    assert [row["id"] for row in client.get("/depositos") if row["padrao"]] == [other]
    assert [row["id"] for row in client.get("/depositos", situacao=0)] == [closed]


def test_a_wrong_method_on_a_known_address_is_named_as_such(client: Client) -> None:
    answer = client.send("PUT", "/depositos")
    assert (answer.status_code, answer.json()["error"]["type"]) == (405, "METHOD_NOT_ALLOWED")
