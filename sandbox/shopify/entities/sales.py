"""Orders, their lines, and refunds."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from sandbox.shopify.entities.base import Entity, gid, stamp
from sandbox.shopify.entities.goods import Location, Product, Variant

# How an order's payment stands; only GraphQL and webhooks show what was paid back.
PAYMENTS = ("PENDING", "AUTHORIZED", "PARTIALLY_PAID", "PAID", "VOIDED", "EXPIRED")


@dataclass(kw_only=True, eq=False)
class LineItemGroup(Entity):
    """The bundle that some lines make up together: the lines are its components."""

    typename = "LineItemGroup"
    title: str
    quantity: int


@dataclass(kw_only=True, eq=False)
class LineItem(Entity):
    """A line of an order. `current_quantity` is what is left after edits, refunds and returns.

    A custom item has no variant but may have a `custom_sku`. Its units lie committed at `location` until fulfilled;
    `off_shelf` are those that it keeps from being available there, `shipped` those that ever left.
    """

    typename = "LineItem"
    variant: Variant | None
    quantity: int
    current_quantity: int
    unfulfilled_quantity: int
    location: Location
    custom_attributes: list[dict[str, str]] = field(default_factory=list)
    custom_sku: str | None = None
    off_shelf: int = 0
    shipped: int = 0
    line_item_group: LineItemGroup | None = None

    @property
    def sku(self) -> str | None:
        """The variant's SKU, or the one typed for a custom item."""
        return self.variant.sku if self.variant else self.custom_sku

    @property
    def title(self) -> str:
        """The product's title."""
        return self.variant.product.title if self.variant else "Item avulso"

    name = title

    @property
    def price(self) -> str:
        """What one unit costs."""
        return self.variant.price if self.variant else "1.00"

    @property
    def product(self) -> Product | None:
        """The product."""
        return self.variant.product if self.variant else None

    @property
    def refundable_quantity(self) -> int:
        """Units not refunded yet."""
        return self.current_quantity

    @property
    def fulfilled_quantity(self) -> int:
        """Units that the customer has."""
        return self.current_quantity - self.unfulfilled_quantity


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
    """An order. `custom_attributes` are the webhook's note_attributes; `terms_due` is when its payment terms end."""

    typename = "Order"
    lines: list[LineItem]
    cart_token: str | None
    checkout_token: str | None
    custom_attributes: list[dict[str, str]]
    payment: str = "PENDING"
    payment_gateway_names: list[str] = field(default_factory=list)
    terms_due: datetime | None = None
    cancelled: datetime | None = None
    cancel_reason: str | None = None
    tags: list[str] = field(default_factory=list)
    refund_list: list[Refund] = field(default_factory=list)
    retail_location: Location | None = None
    note: str = ""
    test: bool = False
    closed: bool = False
    edited: bool = False
    confirmed: bool = True
    source_name: str = "web"
    currency_code: str = "BRL"

    @property
    def name(self) -> str:
        """What the merchant calls it."""
        return f"#{self.number % 10_000 + 1_000}"

    @property
    def confirmation_number(self) -> str:
        """What the customer sees, and nobody can guess."""
        return sha256(f"{self.number}/{self.created_at}".encode()).hexdigest()[:9].upper()

    @property
    def processed_at(self) -> str | None:
        """When it was placed."""
        return self.created_at

    @property
    def cancelled_at(self) -> str | None:
        """When it was cancelled, None if it was not."""
        return stamp(self.cancelled)

    @property
    def subtotal_line_items_quantity(self) -> int:
        """Units ordered in all lines."""
        return sum(line.quantity for line in self.lines)

    @property
    def current_subtotal_line_items_quantity(self) -> int:
        """Units still in the order."""
        return sum(line.current_quantity for line in self.lines)

    @property
    def fully_paid(self) -> bool:
        """Whether it is paid."""
        return self.payment == "PAID"

    @property
    def unpaid(self) -> bool:
        """Whether the payment is still awaited, or will never come; a card that is authorized has paid."""
        return self.payment in ("PENDING", "EXPIRED", "VOIDED")

    @property
    def has_shipped(self) -> bool:
        """Whether any unit of it ever left for the customer."""
        return any(line.shipped for line in self.lines)

    @property
    def display_financial_status(self) -> str:
        """Paid or not, refunded or not. Lines taken out of an unpaid order pay nothing back."""
        if self.payment != "PAID" or not self.refund_list:
            return self.payment
        return "PARTIALLY_REFUNDED" if any(line.current_quantity for line in self.lines) else "REFUNDED"

    @property
    def display_fulfillment_status(self) -> str:
        """How much of it has left."""
        if not self.has_shipped:
            return "UNFULFILLED"
        return "PARTIALLY_FULFILLED" if any(line.unfulfilled_quantity for line in self.lines) else "FULFILLED"

    @property
    def payment_terms(self) -> dict[str, object] | None:
        """Its payment terms with their one schedule, None where it was to be paid at once."""
        if self.terms_due is None:
            return None
        schedule = PaymentSchedule(number=self.number + 3, created=self.created, due_at=stamp(self.terms_due))
        return {
            "id": gid("PaymentTerms", self.number + 2),
            "dueInDays": max(0, (self.terms_due - self.created) // timedelta(days=1)),
            "overdue": False,
            "paymentTermsName": "Fixed",
            "paymentTermsType": "FIXED",
            "schedules": [schedule],
        }


@dataclass(kw_only=True, eq=False)
class PaymentSchedule(Entity):
    """When a payment is due."""

    typename = "PaymentSchedule"
    due_at: str | None

    @property
    def issued_at(self) -> str | None:
        """When the terms were given."""
        return self.created_at
