"""Sales orders and the situações they pass through."""

import time
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

OPEN, ATTENDED, CANCELLED = 6, 9, 12
# id -> (name, value that is the same in every account)
SITUATIONS = {
    6: ("Em aberto", 0),
    9: ("Atendido", 1),
    12: ("Cancelado", 2),
    15: ("Em andamento", 3),
    18: ("Venda agenciada", 4),
    21: ("Em digitação", 10),
    24: ("Verificado", 11),
}
SALES_MODULE = 98310


@dataclass
class Item:
    """A line of an order."""

    product_id: int
    quantity: Decimal
    value: Decimal = Decimal(0)
    description: str = ""


@dataclass
class Order:
    """A sales order. `store_number` (`numeroLoja`) is whatever its maker wrote; two orders may have the same.

    `reserved` is what it reserves now, `launched` where its stock was booked out.
    """

    id: int
    number: int
    store_number: str
    store_id: int
    contact_id: int
    date: str
    items: list[Item]
    situation: int = OPEN
    note: str = ""
    body: dict[str, Any] = field(default_factory=dict)
    invoice_id: int = 0
    deleted: bool = False
    launched_deposit: int | None = None
    reserved: dict[int, Decimal] = field(default_factory=dict)
    created_at: float = field(default_factory=time.monotonic)

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Go on from the books: it was made long ago, as the steady clock may have begun anew."""
        self.__dict__.update(state, created_at=0.0)

    @property
    def total(self) -> Decimal:
        """The sum of its lines."""
        return sum((item.quantity * item.value for item in self.items), Decimal(0))
