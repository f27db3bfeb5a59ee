"""One company's account: its products, deposits, stock, orders and channels, and how Bling treats it."""

from dataclasses import dataclass, field
from decimal import Decimal

from sandbox.bling.products import Balance, Deposit, Product
from sandbox.bling.sales_order import Order
from sandbox.bling.stock_history import ZERO, Stock, kits_possible
from sandbox.stand_in import Numbers

# Situações that every account begins with and whose open orders reserve stock, as measured on real accounts.
RESERVING = (6, 15, 21, 24)


@dataclass
class Channel:
    """A sales channel. A `type` of Shopify means that Bling itself imports that shop's orders."""

    id: int
    name: str
    type: str
    situation: int = 1
    group: int = 1


@dataclass
class Behaviour:
    """How Bling treats this account; times in seconds.

    `reservation`: open orders lower the virtual balance. `read_lag`, `order_lag`: how long until a movement shows in
    balances and an order in searches; `virtual_lag_min`, `virtual_lag_max`: how much longer the virtual balance takes,
    drawn for each change. `missing_scopes`: resources ("canais-venda", ...) that answer 403.
    `hidden_products`: ids left out of balance answers. `positive_only`: without `filtroSaldoEstoque` only products
    with stock are answered, as documented and not as measured. `launch_twice`: a second lancar-estoque books again.
    `variations_apart`: only a listing of variations has them. `untold_deposits`: balances give totals alone.
    """

    reservation: bool = True
    reserving_situations: list[int] = field(default_factory=lambda: list(RESERVING))
    read_lag: float = 0.0
    order_lag: float = 0.0
    virtual_lag_min: float = 0.0
    virtual_lag_max: float = 0.0
    missing_scopes: list[str] = field(default_factory=list)
    hidden_products: list[int] = field(default_factory=list)
    positive_only: bool = False
    launch_twice: bool = False
    variations_apart: bool = False
    untold_deposits: bool = False


class Account:
    """A company in Bling. `id` is its `companyId`: 32 hex digits."""

    def __init__(self, account_id: str, name: str, ids: Numbers) -> None:
        """Begin with one default deposit and nothing else."""
        self.id = account_id
        self.name = name
        self.ids = ids
        self.behaviour = Behaviour()
        self.products: dict[int, Product] = {}
        self.kits: list[Product] = []
        self.deposits: dict[int, Deposit] = {}
        self.channels: dict[int, Channel] = {}
        self.orders: dict[int, Order] = {}
        self.order_numbers = Numbers(1)
        self.stock = Stock(self._virtual_lag)
        self.consumer_id = next(ids)
        self.payment_form_id = next(ids)
        self.add_deposit("Geral", default=True)

    def add_deposit(self, name: str, *, default: bool = False, ignored: bool = False) -> Deposit:
        """Add a deposit; a new default takes the place of the former."""
        if default:
            for known in self.deposits.values():
                known.default = False
        deposit = Deposit(next(self.ids), name, default=default, ignored=ignored)
        self.deposits[deposit.id] = deposit
        return deposit

    @property
    def default_deposit(self) -> Deposit:
        """Where stock is booked when no deposit is named."""
        return next(deposit for deposit in self.deposits.values() if deposit.default)

    def balances(self, product: Product) -> dict[int, Balance]:
        """The product's balance by deposit, as a reader sees it now."""
        return {deposit_id: self._balance(product, deposit_id) for deposit_id in self.deposits}

    def totals(self, product: Product) -> Balance:
        """The sum over the deposits that count."""
        counted = [self._balance(product, deposit.id) for deposit in self.deposits.values() if not deposit.ignored]
        return Balance(sum((b.physical for b in counted), ZERO), sum((b.virtual for b in counted), ZERO))

    def _balance(self, product: Product, deposit_id: int) -> Balance:
        if product.virtual_kit:
            kits = kits_possible(product.components, lambda part: self._read(part, deposit_id).virtual)
            return Balance(ZERO, kits)
        return self._read(product.id, deposit_id)

    def _read(self, product_id: int, deposit_id: int) -> Balance:
        return self.stock.shown(product_id, deposit_id, lag_seconds=self.behaviour.read_lag)

    def _virtual_lag(self) -> tuple[float, float]:
        return self.behaviour.virtual_lag_min, self.behaviour.virtual_lag_max

    def count(self, product: Product, quantity: Decimal, origin: str = "opening") -> None:
        """Set the product's physical balance in the default deposit."""
        self.stock.book(product, self.default_deposit.id, "B", quantity, origin)
