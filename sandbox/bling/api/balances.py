"""/estoques/saldos: a product left out of the answer has an unknown balance, never zero."""

from typing import Any

from sandbox.bling.api.call import Call, routes
from sandbox.bling.api.query import data, numbers, optional_number, texts
from sandbox.bling.company_account import Account
from sandbox.bling.errors import invalid, not_found, refuse
from sandbox.bling.products import ACTIVE, DELETED, Balance, Product
from sandbox.web import Request, Response

ZERO, POSITIVE, NEGATIVE = 0, 1, 2


@routes("GET", "/estoques/saldos")
def balances(call: Call, request: Request) -> Response:
    """The balances of the products asked for, in all deposits."""
    account = call.account
    rows = [
        _row(product, account.totals(product)) | _deposits(account, product)
        for product in _asked(account, request)
        if _passes(account, request, account.totals(product))
    ]
    return data(rows)


@routes("GET", "/estoques/saldos/{deposit:int}")
def balances_of_deposit(call: Call, request: Request, deposit: int) -> Response:
    """The same in one deposit; the totals are then that deposit's."""
    account = call.account
    if deposit not in account.deposits:
        raise not_found("depósito")
    found = [(product, account.balances(product)[deposit]) for product in _asked(account, request)]
    return data([_row(product, balance) for product, balance in found if _passes(account, request, balance)])


def _asked(account: Account, request: Request) -> list[Product]:
    ids, skus = numbers(request, "idsProdutos"), set(texts(request, "codigos"))
    if not ids and not skus:
        raise invalid("idsProdutos", "É necessário informar ao menos um produto.")
    found = [account.products[number] for number in dict.fromkeys(ids) if number in account.products]
    # Inactive products do not resolve by code.
    by_sku = [known for known in account.products.values() if known.sku in skus and known.situation == ACTIVE]
    if not ids and not by_sku:
        raise refuse(400, "VALIDATION_ERROR", "Não foi possível buscar os saldos", "nenhum produto foi informado")
    once = {product.id: product for product in [*found, *by_sku]}
    hidden = account.behaviour.hidden_products
    return [known for known in once.values() if known.situation != DELETED and known.id not in hidden]


def _passes(account: Account, request: Request, balance: Balance) -> bool:
    wanted = optional_number(request, "filtroSaldoEstoque")
    if wanted is None:
        wanted = POSITIVE if account.behaviour.positive_only else None
    return {
        None: True,
        ZERO: balance.virtual == 0,
        POSITIVE: balance.virtual > 0,
        NEGATIVE: balance.virtual < 0,
    }.get(wanted, True)


def _row(product: Product, totals: Balance) -> dict[str, Any]:
    return {
        "produto": {"id": product.id, "codigo": product.sku},
        "saldoFisicoTotal": totals.physical,
        "saldoVirtualTotal": totals.virtual,
    }


def _deposits(account: Account, product: Product) -> dict[str, Any]:
    if account.behaviour.untold_deposits:
        return {}
    return {"depositos": [_deposit(number, balance) for number, balance in account.balances(product).items()]}


def _deposit(number: int, balance: Balance) -> dict[str, Any]:
    return {"id": number, "saldoFisico": balance.physical, "saldoVirtual": balance.virtual}
