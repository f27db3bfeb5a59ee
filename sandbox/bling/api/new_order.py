"""POST /pedidos/vendas: a new sales order. The same `numeroLoja` twice makes two orders."""

from decimal import Decimal
from typing import Any

from sandbox.bling import order_stock
from sandbox.bling.api import bodies
from sandbox.bling.api.call import Call, routes
from sandbox.bling.api.query import data
from sandbox.bling.company_account import Account
from sandbox.bling.errors import invalid
from sandbox.bling.products import DELETED
from sandbox.bling.sales_order import OPEN, SITUATIONS, Item, Order
from sandbox.web import Request, Response

ZERO = Decimal(0)
SUM_DIFFERS = 22


@routes("POST", "/pedidos/vendas")
def make(call: Call, request: Request) -> Response:
    """Make an order; the answer has its id and no number."""
    order = _order(call.account, bodies.read(request))
    order_stock.place(call.account, order)
    call.bling.webhooks.order(call.account, order, "created")
    return data({"id": order.id, "alertas": [], "rastreamento": {}}, 201)


def _order(account: Account, body: dict[str, Any]) -> Order:
    items = [_item(account, row) for row in bodies.rows(body, "itens")]
    date = bodies.day(body, "data")
    for name in ("dataSaida", "dataPrevista"):
        bodies.day(body, name)
    _check_sum(body, items)
    return Order(
        id=next(account.ids),
        number=next(account.order_numbers),
        store_number=bodies.text(body, "numeroLoja", ""),
        store_id=_store(account, body),
        contact_id=_contact(account, body),
        date=date,
        items=items,
        situation=_situation(body),
        note=bodies.text(body, "observacoes", ""),
        body=body,
    )


def _item(account: Account, row: dict[str, Any]) -> Item:
    product = account.products.get(bodies.reference(row, "produto"))
    if product is None or product.situation == DELETED:
        raise invalid("produto", "O produto informado não existe.", namespace="ITENS")
    quantity = bodies.amount(row, "quantidade")
    if quantity <= 0:
        raise invalid("quantidade", "A quantidade deve ser maior que zero.", namespace="ITENS")
    return Item(product.id, quantity, bodies.amount(row, "valor"), bodies.text(row, "descricao"))


def _check_sum(body: dict[str, Any], items: list[Item]) -> None:
    parts = bodies.rows(body, "parcelas")
    for part in parts:
        bodies.day(part, "dataVencimento")
        bodies.reference(part, "formaPagamento")
    total = sum((item.quantity * item.value for item in items), ZERO) - _discount(body, items)
    total += Decimal(body.get("outrasDespesas") or 0) + Decimal((body.get("transporte") or {}).get("frete") or 0)
    if abs(sum((bodies.amount(part, "valor") for part in parts), ZERO) - total) > Decimal("0.005"):
        raise invalid("parcelas", "A soma das parcelas difere do total da venda.", SUM_DIFFERS, "VENDAS")


def _discount(body: dict[str, Any], items: list[Item]) -> Decimal:
    discount = body.get("desconto") or {}
    value = Decimal(discount.get("valor") or 0)
    if discount.get("unidade") == "PERCENTUAL":
        return sum((item.quantity * item.value for item in items), ZERO) * value / 100
    return value


def _contact(account: Account, body: dict[str, Any]) -> int:
    contact = bodies.reference(body, "contato")
    if contact != account.consumer_id:
        raise invalid("contato", "O contato informado não existe.")
    return contact


def _store(account: Account, body: dict[str, Any]) -> int:
    if body.get("loja") is None:
        return 0
    store = bodies.reference(body, "loja")
    if store and store not in account.channels:
        raise invalid("loja", "A loja informada não existe.")
    return store


def _situation(body: dict[str, Any]) -> int:
    if body.get("situacao") is None:
        return OPEN
    situation = bodies.reference(body, "situacao")
    if situation not in SITUATIONS:
        raise invalid("situacao", "A situação informada não existe.")
    return situation
