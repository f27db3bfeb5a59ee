"""Returns: what a customer sends back, what becomes of it, and what the customer gets for it."""

from dataclasses import dataclass, field
from datetime import datetime

from sandbox.shopify.entities.base import Entity, stamp
from sandbox.shopify.entities.goods import Location, Variant
from sandbox.shopify.entities.sales import LineItem, Order, Refund

# What a merchant says about a unit that came back. Only the first puts it on the shelf; the second leaves it open.
DISPOSITIONS = ("RESTOCKED", "PROCESSING_REQUIRED", "MISSING", "NOT_RESTOCKED")


@dataclass(kw_only=True, eq=False)
class FulfillmentLineItem(Entity):
    """Units of a line that the customer has got."""

    typename = "FulfillmentLineItem"
    line_item: LineItem
    quantity: int


@dataclass(kw_only=True, eq=False)
class ReturnLineItem(Entity):
    """Units of a line that are to come back."""

    typename = "ReturnLineItem"
    fulfillment_line_item: FulfillmentLineItem
    quantity: int
    processed_quantity: int = 0
    refunded_quantity: int = 0

    @property
    def line(self) -> LineItem:
        """The order's line."""
        return self.fulfillment_line_item.line_item

    @property
    def unprocessed_quantity(self) -> int:
        """Units about which nobody has said yet what became of them."""
        return self.quantity - self.processed_quantity

    processable_quantity = unprocessed_quantity

    @property
    def refundable_quantity(self) -> int:
        """Units that may still be paid back."""
        return self.quantity - self.refunded_quantity


@dataclass(kw_only=True, eq=False)
class ExchangeLineItem(Entity):
    """What the customer gets instead. It becomes a line of the order when its processing confirms it."""

    typename = "ExchangeLineItem"
    variant: Variant
    quantity: int
    line_item: LineItem | None = None

    @property
    def processed_quantity(self) -> int:
        """Its units that are in the order."""
        return self.quantity if self.line_item else 0

    @property
    def unprocessed_quantity(self) -> int:
        """Its units that are not in the order yet."""
        return self.quantity - self.processed_quantity

    processable_quantity = unprocessed_quantity

    @property
    def line_items(self) -> list[LineItem]:
        """The lines that it has become."""
        return [self.line_item] if self.line_item else []

    @property
    def variant_id(self) -> str:
        """The variant's global id."""
        return self.variant.id

    @property
    def variant_sku(self) -> str | None:
        """The variant's SKU."""
        return self.variant.sku


@dataclass(kw_only=True, eq=False)
class Disposition(Entity):
    """What became of units that came back."""

    typename = "ReverseFulfillmentOrderDisposition"
    type: str
    quantity: int
    location: Location | None


@dataclass(kw_only=True, eq=False)
class ReverseLine(Entity):
    """Units that come back, with what became of them."""

    typename = "ReverseFulfillmentOrderLineItem"
    fulfillment_line_item: FulfillmentLineItem
    total_quantity: int
    dispositions: list[Disposition] = field(default_factory=list)

    def disposed(self, kind: str) -> int:
        """Units of which this was said."""
        return sum(known.quantity for known in self.dispositions if known.type == kind)


@dataclass(kw_only=True, eq=False)
class ReverseFulfillmentOrder(Entity):
    """The work that a return makes for whoever receives it."""

    typename = "ReverseFulfillmentOrder"
    order: Order
    lines: list[ReverseLine]
    status: str = "OPEN"


@dataclass(kw_only=True, eq=False)
class Return(Entity):
    """A return of an order, the first, the second or so."""

    typename = "Return"
    order: Order
    ordinal: int
    lines: list[ReturnLineItem]
    exchanges: list[ExchangeLineItem]
    reverse_orders: list[ReverseFulfillmentOrder]
    status: str = "OPEN"
    closed: datetime | None = None
    refund_list: list[Refund] = field(default_factory=list)

    @property
    def name(self) -> str:
        """What the merchant calls it."""
        return f"{self.order.name}-R{self.ordinal}"

    @property
    def closed_at(self) -> str | None:
        """When it was closed."""
        return stamp(self.closed)

    @property
    def total_quantity(self) -> int:
        """Units that are to come back."""
        return sum(line.quantity for line in self.lines)
