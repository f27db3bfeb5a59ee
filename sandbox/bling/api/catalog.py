"""/produtos and /depositos."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from sandbox.bling.api.call import Call, routes
from sandbox.bling.api.query import data, moments, number, numbers, optional_number, page, texts
from sandbox.bling.company_account import Account
from sandbox.bling.errors import not_found
from sandbox.bling.products import ACTIVE, COMPOSITION, DELETED, INACTIVE, SIMPLE, VARIATIONS, Product
from sandbox.web import Request, Response

NEWEST, ALL = 1, 5
CRITERIA = {2: ACTIVE, 3: INACTIVE, 4: DELETED}
TYPES: dict[str, Callable[[Product], bool]] = {
    "T": lambda product: True,
    "P": lambda product: product.type == "P",
    "S": lambda product: product.type == "S",
    "E": lambda product: product.format == COMPOSITION,
    "PS": lambda product: product.type == "P" and product.format == SIMPLE,
    "C": lambda product: product.format == VARIATIONS,
    "V": lambda product: product.parent_id != 0,
}


@routes("GET", "/produtos")
def products(call: Call, request: Request) -> Response:
    """Products by page. Deleted twins share their `codigo`, and Bling ignores case when it compares one."""
    ids, skus = set(numbers(request, "idsProdutos")), {sku.lower() for sku in _skus(request)}
    included, changed = moments(request, "dataInclusao"), moments(request, "dataAlteracao")
    name, kind = (request.one("nome") or "").lower(), _of_type(call.account, request.one("tipo") or "T")
    found = [
        product
        for product in _by_criterion(call.account, optional_number(request, "criterio") or NEWEST)
        if (not ids or product.id in ids)
        and (not skus or product.sku.lower() in skus)
        and name in product.name.lower()
        and kind(product)
        and included[0] <= product.included_at <= included[1]
        and changed[0] <= product.changed_at <= changed[1]
    ]
    return data([_item(call.account, product) for product in page(request, found)])


@routes("GET", "/produtos/lotes/controla-lote")
def lot_control(call: Call, request: Request) -> Response:
    """Whether Bling keeps each product by lots."""
    found = (call.account.products.get(product_id) for product_id in numbers(request, "idsProdutos"))
    return data([{"idProduto": product.id, "controlaLote": product.lot_controlled} for product in found if product])


@routes("GET", "/produtos/lojas")
def links(call: Call, request: Request) -> Response:
    """Links of products to channels: the stand-in keeps none."""
    return data([])


@routes("GET", "/produtos/{product_id:int}")
def product(call: Call, request: Request, product_id: int) -> Response:
    """One product in full."""
    return data(_record(call.account, _find(call.account, product_id)))


@routes("GET", "/produtos/variacoes/{product_id:int}")
def variations(call: Call, request: Request, product_id: int) -> Response:
    """A parent with its variations."""
    return data(_record(call.account, _find(call.account, product_id)))


@routes("GET", "/depositos")
def deposits(call: Call, request: Request) -> Response:
    """The deposits, active ones unless asked otherwise."""
    active = number(request.one("situacao") or "1", "situacao") == 1
    name = (request.one("descricao") or "").lower()
    found = [
        {
            "id": deposit.id,
            "descricao": deposit.name,
            "situacao": int(deposit.active),
            "padrao": deposit.default,
            "desconsiderarSaldo": deposit.ignored,
        }
        for deposit in call.account.deposits.values()
        if deposit.active == active and name in deposit.name.lower()
    ]
    return data(page(request, found))


def _of_type(account: Account, wanted: str) -> Callable[[Product], bool]:
    if wanted == "T" and account.behaviour.variations_apart:
        return lambda product: product.parent_id == 0
    return TYPES.get(wanted, TYPES["T"])


def _skus(request: Request) -> list[str]:
    # `codigo=` is not documented and works.
    return [*texts(request, "codigos"), *request.query.get("codigo", [])]


def _by_criterion(account: Account, criterion: int) -> list[Product]:
    every = sorted(account.products.values(), key=lambda product: -product.id)
    if criterion == ALL:
        return every
    if criterion in CRITERIA:
        return [product for product in every if product.situation == CRITERIA[criterion]]
    # "Últimos incluídos", the default, hid one of two products in a measured account.
    active = [product for product in every if product.situation == ACTIVE]
    return active[: (len(active) + 1) // 2]


def _find(account: Account, product_id: int) -> Product:
    if product_id not in account.products:
        raise not_found("produto")
    return account.products[product_id]


def _item(account: Account, product: Product) -> dict[str, Any]:
    parent = {"idProdutoPai": product.parent_id} if product.parent_id else {}
    return parent | {
        "id": product.id,
        "nome": product.name,
        "codigo": product.sku,
        "preco": Decimal(str(product.price)),
        "precoCusto": 0,
        "estoque": {"saldoVirtualTotal": account.totals(product).virtual},
        "tipo": product.type,
        "situacao": product.situation,
        "formato": product.format,
        "descricaoCurta": "",
        "imagemURL": "",
    }


def _record(account: Account, product: Product) -> dict[str, Any]:
    children = [child for child in account.products.values() if child.parent_id == product.id]
    own = {"variacao": {"nome": product.variation, "ordem": 1, "produtoPai": {"id": product.parent_id}}}
    return {
        **_item(account, product),
        "unidade": "UN",
        "variacoes": [_record(account, child) for child in children],
        "estrutura": _structure(product),
        **(own if product.parent_id else {}),
    }


def _structure(product: Product) -> dict[str, Any]:
    if product.format != COMPOSITION:
        return {"tipoEstoque": "F", "lancamentoEstoque": "A", "componentes": []}
    parts = [
        {"produto": {"id": part.product_id}, "quantidade": Decimal(str(part.quantity))} for part in product.components
    ]
    return {"tipoEstoque": "V" if product.virtual_kit else "F", "lancamentoEstoque": "A", "componentes": parts}
