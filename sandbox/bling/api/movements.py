"""POST /estoques: one movement of stock. It has no key, answers no 409, and can never be read again."""

from decimal import Decimal

from sandbox.bling.api import bodies
from sandbox.bling.api.call import Call, routes
from sandbox.bling.api.query import data
from sandbox.bling.errors import invalid
from sandbox.bling.products import DELETED, Product
from sandbox.bling.stock_history import Operation
from sandbox.web import Request, Response

FIELDS = ("produto", "deposito", "operacao", "quantidade", "preco", "custo", "observacoes")
OPERATIONS: dict[str, Operation] = {"B": "B", "E": "E", "S": "S"}


@routes("POST", "/estoques")
def move(call: Call, request: Request) -> Response:
    """Book units in, out, or set the physical balance. Below zero is allowed."""
    body = bodies.read(request)
    bodies.only(body, FIELDS)
    product = _product(call, bodies.reference(body, "produto"))
    deposit = bodies.reference(body, "deposito")
    if deposit not in call.account.deposits:
        raise invalid("deposito", "O depósito informado não existe.")
    operation = OPERATIONS.get(bodies.text(body, "operacao"))
    if operation is None:
        raise invalid("operacao", "A operação deve ser B, E ou S.")
    quantity, note = _quantity(bodies.amount(body, "quantidade"), operation), bodies.text(body, "observacoes", "")
    call.account.stock.book(product, deposit, operation, quantity, "api", note)
    return data({"id": next(call.account.ids)}, 201)


def _product(call: Call, product_id: int) -> Product:
    product = call.account.products.get(product_id)
    if product is None or product.situation == DELETED:
        raise invalid("produto", "O produto informado não existe.")
    if product.virtual_kit or product.lot_controlled:
        raise invalid("produto", "O estoque deste produto não pode ser lançado diretamente.")
    return product


def _quantity(quantity: Decimal, operation: Operation) -> Decimal:
    if quantity < 0 or (quantity == 0 and operation != "B"):
        raise invalid("quantidade", "A quantidade deve ser maior que zero.")
    return quantity
