"""The stand-in's answers, held against Bling's own OpenAPI file where it lies beside the repository."""

import json
import re
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from basico_stock.environment import REPOSITORY
from sandbox.bling.api import routes
from tests.sandbox.bling.client import Client
from tests.support.requirement import is_required, told

SPECIFICATION = REPOSITORY.parent / "shared" / "specs" / "bling-openapi.json"
jsonschema = pytest.importorskip("jsonschema", reason="the package jsonschema is not installed (bin/test installs it)")
pytestmark = pytest.mark.skipif(
    not SPECIFICATION.is_file() and not is_required("REQUIRE_SHARED"),
    reason=told(f"{SPECIFICATION.name}, Bling's own contract, is not beside this repository", "REQUIRE_SHARED"),
)

Prepare = Callable[[Client, int], tuple[str, dict[str, Any]]]


def _order(client: Client, product: int) -> int:
    return int(client.order(product, 1).json()["data"]["id"])


GETS: dict[str, Prepare] = {
    "/empresas/me/dados-basicos": lambda client, product: ("/empresas/me/dados-basicos", {}),
    "/contatos/consumidor-final": lambda client, product: ("/contatos/consumidor-final", {}),
    "/formas-pagamentos": lambda client, product: ("/formas-pagamentos", {}),
    "/canais-venda": lambda client, product: ("/canais-venda", {"situacao": 1}),
    "/canais-venda/tipos": lambda client, product: ("/canais-venda/tipos", {}),
    "/depositos": lambda client, product: ("/depositos", {}),
    "/situacoes/modulos": lambda client, product: ("/situacoes/modulos", {}),
    "/situacoes/modulos/{idModuloSistema}": lambda client, product: ("/situacoes/modulos/98310", {}),
    "/situacoes/modulos/{idModuloSistema}/transicoes": lambda c, product: ("/situacoes/modulos/98310/transicoes", {}),
    "/situacoes/{idSituacao}": lambda client, product: ("/situacoes/6", {}),
    "/produtos": lambda client, product: ("/produtos", {"criterio": 2}),
    "/produtos/{idProduto}": lambda client, product: (f"/produtos/{product}", {}),
    "/produtos/variacoes/{idProdutoPai}": lambda client, product: (f"/produtos/variacoes/{product}", {}),
    "/produtos/lotes/controla-lote": lambda c, product: ("/produtos/lotes/controla-lote", {"idsProdutos[]": product}),
    "/produtos/lojas": lambda client, product: ("/produtos/lojas", {}),
    "/estoques/saldos": lambda client, product: ("/estoques/saldos", {"idsProdutos[]": product}),
    "/estoques/saldos/{idDeposito}": lambda client, product: (
        f"/estoques/saldos/{client.deposit()}",
        {"idsProdutos[]": product},
    ),
    "/pedidos/vendas": lambda client, product: (f"/pedidos/vendas?dummy={_order(client, product)}", {}),
    "/pedidos/vendas/{idPedidoVenda}": lambda client, product: (f"/pedidos/vendas/{_order(client, product)}", {}),
}


@cache
def _specification() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(SPECIFICATION.read_text())
    return loaded


def _response_schema(method: str, path: str, status: int) -> dict[str, Any]:
    answer = _follow(_specification()["paths"][path][method]["responses"][str(status)])
    (content,) = answer["content"].values()
    schema: dict[str, Any] = content["schema"]
    return schema


def _follow(node: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        found: Any = _specification()
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        node = found
    return node


def _check(answer: Any, schema: dict[str, Any]) -> None:
    whole = {**_specification(), **schema}
    jsonschema.Draft4Validator(whole).validate(answer)


@pytest.mark.parametrize("path", GETS)
def test_an_answer_to_a_read_has_the_shape_that_bling_documents(client: Client, path: str) -> None:
    product = client.products()["SKU-BZC-001"]
    client.serving.control.post("channels", type="Shopify")
    address, query = GETS[path](client, product)
    answer = client.send("GET", address, params=query)
    assert answer.status_code == 200
    _check(answer.json(), _response_schema("get", path, 200))


def test_an_answer_to_a_write_has_the_shape_that_bling_documents(client: Client) -> None:
    product = client.products()["SKU-BZC-001"]
    _check(client.move(product, 1).json(), _response_schema("post", "/estoques", 201))
    _check(client.order(product, 1).json(), _response_schema("post", "/pedidos/vendas", 201))


def test_a_refusal_has_the_shape_that_bling_documents(client: Client) -> None:
    answer = client.move(client.products()["SKU-BZC-001"], 0)
    _check(answer.json(), _response_schema("post", "/estoques", 400))


def test_every_address_of_the_stand_in_is_one_of_blings() -> None:
    def bare(path: str) -> str:
        return re.sub(r"\{[^}]*\}", "{}", path)

    known = {f"{method.upper()} {bare(path)}" for path, item in _specification()["paths"].items() for method in item}
    assert {bare(route) for route in routes.summaries} <= known
