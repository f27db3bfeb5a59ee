"""/pedidos/vendas: finding orders, and moving them from situação to situação."""

import time
from collections.abc import Callable
from datetime import date
from typing import Any

from sandbox.bling import order_stock
from sandbox.bling.api.call import Call, routes
from sandbox.bling.api.query import data, numbers, optional_number, page, period, texts
from sandbox.bling.company_account import Account
from sandbox.bling.errors import not_found, refuse
from sandbox.bling.sales_order import SITUATIONS, Order
from sandbox.web import Request, Response


@routes("GET", "/pedidos/vendas")
def search(call: Call, request: Request) -> Response:
    """Orders that fit every filter; a new one is found only after the account's `order_lag`."""
    account, fits = call.account, _filter(request)
    visible_until = time.monotonic() - account.behaviour.order_lag
    found = [
        _row(account, order)
        for order in sorted(account.orders.values(), key=lambda known: -known.id)
        if not order.deleted and order.created_at <= visible_until and fits(order)
    ]
    return data(page(request, found))


@routes("GET", "/pedidos/vendas/{order_id:int}")
def order(call: Call, request: Request, order_id: int) -> Response:
    """One order in full. Nothing in it says whether its stock was launched."""
    account, found = call.account, _find(call.account, order_id)
    items = [
        {
            "id": found.id * 100 + position,
            "codigo": account.products[item.product_id].sku,
            "unidade": "UN",
            "quantidade": item.quantity,
            "valor": item.value,
            "descricao": item.description,
            "produto": {"id": item.product_id},
        }
        for position, item in enumerate(found.items)
    ]
    extra = {
        "itens": items,
        "parcelas": found.body.get("parcelas", []),
        "observacoes": found.note,
        "observacoesInternas": found.body.get("observacoesInternas", ""),
        "notaFiscal": {"id": found.invoice_id},
    }
    return data(_row(account, found) | extra)


@routes("DELETE", "/pedidos/vendas/{order_id:int}")
def delete(call: Call, request: Request, order_id: int) -> Response:
    """Delete an order: it passes to cancelled and is then no longer found."""
    found = _find(call.account, order_id)
    order_stock.delete(call.account, found)
    call.bling.webhooks.order(call.account, found, "deleted")
    return Response(204)


@routes("PATCH", "/pedidos/vendas/{order_id:int}/situacoes/{situation:int}")
def change_situation(call: Call, request: Request, order_id: int, situation: int) -> Response:
    """Pass an order to another situação."""
    found = _find(call.account, order_id)
    if situation not in SITUATIONS:
        raise not_found("situação")
    order_stock.change_situation(call.account, found, situation)
    call.bling.webhooks.order(call.account, found, "updated")
    return Response(204)


@routes("POST", "/pedidos/vendas/{order_id:int}/lancar-estoque")
def launch(call: Call, request: Request, order_id: int) -> Response:
    """Book the order's units out of the default deposit."""
    return _launch(call, order_id, call.account.default_deposit.id)


@routes("POST", "/pedidos/vendas/{order_id:int}/lancar-estoque/{deposit:int}")
def launch_in(call: Call, request: Request, order_id: int, deposit: int) -> Response:
    """Book the order's units out of one deposit."""
    if deposit not in call.account.deposits:
        raise not_found("depósito")
    return _launch(call, order_id, deposit)


@routes("POST", "/pedidos/vendas/{order_id:int}/estornar-estoque")
def undo_launch(call: Call, request: Request, order_id: int) -> Response:
    """Undo the launch."""
    found = _find(call.account, order_id)
    if found.launched_deposit is None:
        raise refuse(400, "VALIDATION_ERROR", "Não há estoque lançado para esta venda")
    order_stock.undo_launch(call.account, found)
    return Response(204)


def _launch(call: Call, order_id: int, deposit: int) -> Response:
    found = _find(call.account, order_id)
    if found.launched_deposit is not None and not call.account.behaviour.launch_twice:
        raise refuse(400, "VALIDATION_ERROR", "O estoque desta venda já foi lançado")
    order_stock.launch(call.account, found, deposit)
    return Response(204)


def _find(account: Account, order_id: int) -> Order:
    found = account.orders.get(order_id)
    if found is None or found.deleted:
        raise not_found("pedido de venda")
    return found


def _filter(request: Request) -> Callable[[Order], bool]:
    """The query as a test of an order. Raises Refusal, even when the account has no order to test."""
    store_numbers, situations = texts(request, "numerosLojas"), numbers(request, "idsSituacoes")
    wanted_number, wanted_store = optional_number(request, "numero"), optional_number(request, "idLoja")
    periods = [known for name in ("data", "dataAlteracao") if (known := period(request, name))]

    def fits(order: Order) -> bool:
        made_on = date.fromisoformat(order.date)
        return (
            (not store_numbers or order.store_number in store_numbers)
            and (not situations or order.situation in situations)
            and wanted_number in (None, order.number)
            and wanted_store in (None, order.store_id)
            and all(first <= made_on <= last for first, last in periods)
        )

    return fits


def _row(account: Account, order: Order) -> dict[str, Any]:
    return {
        "id": order.id,
        "numero": order.number,
        "numeroLoja": order.store_number,
        "data": order.date,
        "dataSaida": order.date,
        "dataPrevista": order.date,
        "totalProdutos": order.total,
        "total": order.total,
        "contato": {"id": order.contact_id, "nome": "Consumidor Final", "tipoPessoa": "F", "numeroDocumento": ""},
        "situacao": {"id": order.situation, "valor": SITUATIONS[order.situation][1]},
        "loja": {"id": order.store_id},
    }
