"""Orders, their lines, and refunds."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox.shopify.entities.base import Entity, stamp
from sandbox.shopify.entities.goods import Location, Product, Variant


@dataclass(kw_only=True, eq=False)
class LineItem(Entity):
    """A line of an order. `current_quantity` is what is left after edits and refunds."""

    typename = "LineItem"
    variant: Variant
    quantity: int
    current_quantity: int
    unfulfilled_quantity: int
    custom_attributes: list[dict[str, str]] = field(default_factory=list)

    @property
    def sku(self) -> str | None:
        """The variant's SKU."""
        return self.variant.sku

    @property
    def title(self) -> str:
        """The product's title."""
        return self.variant.product.title

    name = title

    @property
    def product(self) -> Product:
        """The product."""
        return self.variant.product

    @property
    def refundable_quantity(self) -> int:
        """Units not refunded yet."""
        return self.current_quantity


@dataclass(kw_only=True, eq=False)
class RefundLine(Entity):
    """Units of a line that were refunded. `restock_type`: no_restock, cancel or return."""

    typename = "RefundLineItem"
    line_item: LineItem
    quantity: int
    kind: str
    location: Location | None = None

    @property
    def restock_type(self) -> str:
        """The kind as GraphQL names it."""
        return self.kind.upper()

    @property
    def restocked(self) -> bool:
        """Whether the units came back into stock."""
        return self.kind != "no_restock"


@dataclass(kw_only=True, eq=False)
class Refund(Entity):
    """A refund of an order."""

    typename = "Refund"
    lines: list[RefundLine]
    note: str = ""


@dataclass(kw_only=True, eq=False)
class Order(Entity):
    """An order. `custom_attributes` are the webhook's note_attributes."""

    typename = "Order"
    lines: list[LineItem]
    cart_token: str | None
    checkout_token: str | None
    custom_attributes: list[dict[str, str]]
    paid: bool = False
    cancelled: datetime | None = None
    cancel_reason: str | None = None
    tags: list[str] = field(default_factory=list)
    refund_list: list[Refund] = field(default_factory=list)
    note: str = ""
    test: bool = False
    closed: bool = False
    edited: bool = False
    confirmed: bool = True
    source_name: str = "web"
    payment_gateway_names: list[str] = field(default_factory=list)
    payment_terms: dict[str, Any] | None = None
    retail_location: Location | None = None
    currency_code: str = "BRL"
    display_fulfillment_status: str = "UNFULFILLED"

    @property
    def name(self) -> str:
        """What the merchant calls it."""
        return f"#{self.number % 10_000 + 1_000}"

    @property
    def processed_at(self) -> str | None:
        """When it was placed."""
        return self.created_at

    @property
    def cancelled_at(self) -> str | None:
        """When it was cancelled, None if it was not."""
        return stamp(self.cancelled)

    @property
    def fully_paid(self) -> bool:
        """Whether it is paid."""
        return self.paid

    @property
    def display_financial_status(self) -> str:
        """Paid or not, refunded or not."""
        if self.refund_list:
            return "REFUNDED" if not any(line.current_quantity for line in self.lines) else "PARTIALLY_REFUNDED"
        return "PAID" if self.paid else "PENDING"
