"""/situacoes: the states of orders."""

from sandbox.bling.api.call import Call, routes
from sandbox.bling.api.query import data
from sandbox.bling.errors import not_found
from sandbox.bling.sales_order import SALES_MODULE, SITUATIONS
from sandbox.web import Request, Response


@routes("GET", "/situacoes/modulos")
def modules(call: Call, request: Request) -> Response:
    """The modules with situações: here, sales orders alone."""
    return data([{"id": SALES_MODULE, "nome": "Vendas", "descricao": "Pedidos de Venda", "criarSituacoes": True}])


@routes("GET", "/situacoes/modulos/{module:int}")
def of_module(call: Call, request: Request, module: int) -> Response:
    """The situações of a module."""
    _check(module)
    return data([_situation(situation_id) for situation_id in SITUATIONS])


@routes("GET", "/situacoes/modulos/{module:int}/transicoes")
def transitions(call: Call, request: Request, module: int) -> Response:
    """The actions that follow a change of situação: none until the merchant sets one up."""
    _check(module)
    return data([])


@routes("GET", "/situacoes/{situation_id:int}")
def situation(call: Call, request: Request, situation_id: int) -> Response:
    """One situação."""
    if situation_id not in SITUATIONS:
        raise not_found("situação")
    return data(_situation(situation_id))


def _check(module: int) -> None:
    if module != SALES_MODULE:
        raise not_found("módulo")


def _situation(situation_id: int) -> dict[str, object]:
    return {"id": situation_id, "nome": SITUATIONS[situation_id][0], "idHerdado": 0, "cor": "#E9DC40"}
