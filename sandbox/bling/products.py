"""Products and deposits as Bling knows them."""

from dataclasses import dataclass, field
from decimal import Decimal

ACTIVE, INACTIVE, DELETED = "A", "I", "E"
SIMPLE, VARIATIONS, COMPOSITION = "S", "V", "E"


@dataclass
class Deposit:
    """A place where stock lies. `ignored`: its balances are left out of the totals."""

    id: int
    name: str
    active: bool = True
    default: bool = False
    ignored: bool = False


@dataclass
class Component:
    """A part of a kit and how many of it one kit needs."""

    product_id: int
    quantity: float = 1


@dataclass
class Product:
    """A product. `sku` (Bling's `codigo`) may be empty or repeated; `id` is what never changes.

    `format` is S simple, V parent of variations, E composition; a composition with `virtual_kit` has no stock of its
    own: its balance is what its components suffice for.
    """

    id: int
    sku: str
    name: str = ""
    price: float = 10.0
    type: str = "P"
    situation: str = ACTIVE
    format: str = SIMPLE
    parent_id: int = 0
    variation: str = ""
    virtual_kit: bool = False
    components: tuple[Component, ...] = ()
    lot_controlled: bool = False
    # Seconds since 1970; a booking of stock is no change of the product.
    included_at: float = field(default=0.0, init=False)
    changed_at: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        """Give it a name to show."""
        self.name = self.name or f"Produto {self.sku or self.id}"


@dataclass(frozen=True)
class Balance:
    """Units booked in a deposit, and what is left of them after the reservations of open orders."""

    physical: Decimal
    virtual: Decimal
