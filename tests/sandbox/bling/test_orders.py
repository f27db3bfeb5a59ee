"""Sales orders: they reserve while open, book out when launched, and may exist twice."""

import pytest

from tests.sandbox.bling.client import Client
from tests.support.patience import wait_until


@pytest.fixture
def product(client: Client) -> int:
    """The product with ten units."""
    return client.products()["SKU-BZC-001"]


def _make(client: Client, product: int, quantity: int = 3, store_number: str = "1001") -> int:
    answer = client.order(product, quantity, store_number)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["data"]["id"])


def _do(client: Client, order: int, what: str) -> int:
    return client.send("POST", f"/pedidos/vendas/{order}/{what}").status_code


def test_a_new_order_answers_its_id_and_is_open(client: Client, product: int) -> None:
    answer = client.order(product, 3).json()["data"]
    assert set(answer) == {"id", "alertas", "rastreamento"}
    assert client.get(f"/pedidos/vendas/{answer['id']}")["situacao"] == {"id": 6, "valor": 0}


def test_an_open_order_lowers_the_virtual_balance_and_leaves_the_physical_one(client: Client, product: int) -> None:
    order = _make(client, product)
    assert client.balance(product) == (10, 7)
    client.serving.control.post(f"orders/{order}/situation", situation=12)
    assert client.balance(product) == (10, 10)


def test_without_reservation_an_order_lowers_nothing(client: Client, product: int) -> None:
    client.serving.control.post("behaviour", reservation=False)
    _make(client, product)
    assert client.balance(product) == (10, 10)


def test_launching_books_the_units_out_and_ends_the_reservation(client: Client, product: int) -> None:
    order = _make(client, product)
    assert _do(client, order, "lancar-estoque") == 204
    assert client.balance(product) == (7, 7)
    assert _do(client, order, "estornar-estoque") == 204
    assert client.balance(product) == (10, 7)
    assert _do(client, order, "estornar-estoque") == 400


def test_a_second_launch_is_refused_or_books_twice_as_nobody_has_measured(client: Client, product: int) -> None:
    order = _make(client, product)
    assert [_do(client, order, "lancar-estoque") for _ in range(2)] == [204, 400]
    assert client.balance(product)[0] == 7
    client.serving.control.post("behaviour", launch_twice=True)
    assert _do(client, order, "lancar-estoque") == 204
    assert client.balance(product)[0] == 4


def test_an_order_is_launched_in_the_deposit_that_is_named(client: Client, product: int) -> None:
    branch = client.serving.control.post("deposits", name="Filial")["id"]
    order = _make(client, product)
    assert _do(client, order, f"lancar-estoque/{branch}") == 204
    (row,) = client.get(f"/estoques/saldos/{branch}", idsProdutos=[product])
    assert row["saldoFisicoTotal"] == -3
    assert _do(client, order, "lancar-estoque/1") == 404


def test_no_field_of_an_order_tells_whether_it_was_launched(client: Client, product: int) -> None:
    order = _make(client, product)
    before = client.get(f"/pedidos/vendas/{order}")
    _do(client, order, "lancar-estoque")
    assert client.get(f"/pedidos/vendas/{order}") == before


def test_an_order_of_a_kit_takes_its_parts(client: Client, product: int) -> None:
    parts = [{"product_id": product, "quantity": 2}]
    kit = client.serving.control.post("products", sku="KIT", format="E", virtual_kit=True, components=parts)["ids"][0]
    order = _make(client, kit, 3)
    assert client.balance(product) == (10, 4)
    _do(client, order, "lancar-estoque")
    assert client.balance(product) == (4, 4)


def test_the_same_store_number_makes_a_second_order(client: Client, product: int) -> None:
    first, second = _make(client, product, 1, "bz-7"), _make(client, product, 1, "bz-7")
    found = client.get("/pedidos/vendas", numerosLojas=["bz-7"])
    assert sorted(row["id"] for row in found) == [first, second]
    assert {row["numeroLoja"] for row in found} == {"bz-7"}


def test_only_the_documented_filter_finds_an_order_by_its_store_number(client: Client, product: int) -> None:
    _make(client, product, 1, "a")
    wanted = _make(client, product, 1, "b")
    assert [row["id"] for row in client.get("/pedidos/vendas", numerosLojas=["b", "c"])] == [wanted]
    assert len(client.get("/pedidos/vendas", numeroLoja="b")) == 2


def test_a_new_order_may_take_a_while_to_be_found(client: Client, product: int) -> None:
    client.serving.control.post("behaviour", order_lag=1_000.0)
    order = _make(client, product)
    assert client.get("/pedidos/vendas", numerosLojas=["1001"]) == []
    client.serving.control.post("behaviour", order_lag=0.3)
    wait_until(lambda: [row["id"] for row in client.get("/pedidos/vendas", numerosLojas=["1001"])] == [order])


def test_a_deleted_order_is_no_longer_found_and_reserves_nothing(client: Client, product: int) -> None:
    order = _make(client, product)
    assert client.send("DELETE", f"/pedidos/vendas/{order}").status_code == 204
    assert client.send("GET", f"/pedidos/vendas/{order}").status_code == 404
    assert client.get("/pedidos/vendas", numerosLojas=["1001"]) == []
    assert client.balance(product) == (10, 10)


def test_parts_that_do_not_add_up_to_the_total_are_refused_with_their_code(client: Client, product: int) -> None:
    answer = client.order(product, 2, desconto={"valor": 1, "unidade": "REAL"})
    assert answer.status_code == 400
    assert answer.json()["error"]["fields"][0]["code"] == 22
    fits = client.order(product, 2, desconto={"valor": 5, "unidade": "REAL"}, outrasDespesas=2, transporte={"frete": 3})
    assert fits.status_code == 201


@pytest.mark.parametrize("name", ["contato", "data", "dataSaida", "dataPrevista", "itens", "parcelas"])
def test_each_measured_minimum_of_an_order_is_needed(client: Client, product: int, name: str) -> None:
    body = client.order_body(product, 1, "1001") | {name: None}
    assert client.send("POST", "/pedidos/vendas", json=body).status_code == 400


def test_a_period_longer_than_a_year_is_refused(client: Client) -> None:
    asked = {"dataInicial": "2025-01-01", "dataFinal": "2026-11-24"}
    assert client.send("GET", "/pedidos/vendas", params=asked).status_code == 400
    assert client.get("/pedidos/vendas", dataInicial="2026-01-01", dataFinal="2026-11-24") == []


def test_a_native_shopify_channel_shows_and_its_orders_come_by_themselves(client: Client, product: int) -> None:
    control = client.serving.control
    channel = control.post("channels", type="Shopify", name="Minha loja")["id"]
    order = control.post("orders", store_number="5551234", items=[{"sku": "SKU-BZC-001", "quantity": 2}])["id"]
    assert [row["tipo"] for row in client.get("/canais-venda", situacao=1, agrupador=1)] == ["Shopify"]
    (row,) = client.get("/pedidos/vendas", numerosLojas=["5551234", "#1001"])
    assert (row["id"], row["loja"]["id"]) == (order, channel)
    assert client.balance(product) == (10, 8)


def test_an_invoice_lets_the_physical_balance_fall(client: Client, product: int) -> None:
    order = client.serving.control.post("orders", store_number="1", items=[{"sku": "SKU-BZC-001", "quantity": 2}])["id"]
    client.serving.control.post(f"orders/{order}/invoice")
    assert client.balance(product) == (8, 8)
    assert client.get(f"/pedidos/vendas/{order}")["notaFiscal"]["id"] > 0


def test_a_cancelled_order_gives_its_launched_units_back_only_where_the_merchant_says_so(
    client: Client, product: int
) -> None:
    for back, physical in ((False, 7), (True, 7)):
        order = _make(client, product)
        _do(client, order, "lancar-estoque")
        client.serving.control.post(f"orders/{order}/situation", situation=12, return_stock=back)
        assert client.balance(product) == (physical, physical)


def test_situations_are_those_of_every_account(client: Client) -> None:
    (module,) = client.get("/situacoes/modulos")
    names = {row["id"]: row["nome"] for row in client.get(f"/situacoes/modulos/{module['id']}")}
    assert {6: "Em aberto", 9: "Atendido", 12: "Cancelado"}.items() <= names.items()
    assert client.get(f"/situacoes/modulos/{module['id']}/transicoes") == []
    assert client.get("/situacoes/15")["nome"] == "Em andamento"


def test_a_resource_outside_the_apps_scopes_is_forbidden(client: Client) -> None:
    client.serving.control.post("behaviour", missing_scopes=["canais-venda"])
    answer = client.send("GET", "/canais-venda")
    assert (answer.status_code, answer.json()["error"]["type"]) == (403, "insufficient_scope")
    assert client.send("GET", "/depositos").status_code == 200
