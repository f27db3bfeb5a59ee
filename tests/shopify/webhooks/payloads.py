"""Payloads as Shopify words them, of one cart and one order unless said otherwise."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

CART = "Z2NwLXVzLWNlbnRyYWwx"
ORDER = 820982911946154508
LINE = 466157049
VARIANT = 808950810


def moment(second: int) -> str:
    """A time of Shopify, so many seconds into the story."""
    return f"2026-11-24T10:00:{second:02}-03:00"


def cart_payload(
    *, quantity: int = 1, sku: str = "SKU-1", token: str = CART, second: int = 0, hold: object = None
) -> dict[str, Any]:
    """A cart of one line, or of none for a quantity of 0."""
    line = {
        "id": VARIANT,
        "variant_id": VARIANT,
        "quantity": quantity,
        "sku": sku,
        "properties": {"_bazico_hold": str(hold)} if hold else None,
    }
    lines = [line] if quantity else []
    return {"id": token, "token": token, "line_items": lines, "note": None, "updated_at": moment(second)}


# Shopify's random word for an order.
CONFIRMATION = "XPAV284CT"


def order_payload(
    *,
    quantity: int = 1,
    sku: str | None = "SKU-1",
    order: int = ORDER,
    cart: str | None = CART,
    cart_token: UUID | None = None,
    hold: object = None,
    second: int = 0,
    cancelled: bool = False,
    payment: str | None = "paid",
    refunds: Sequence[dict[str, Any]] = (),
    lines: Sequence[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """An order of one line, or of `lines`."""
    own = {
        "id": LINE,
        "variant_id": VARIANT,
        "sku": sku,
        "quantity": quantity,
        "current_quantity": quantity,
        "properties": [{"name": "_bazico_hold", "value": str(hold)}] if hold else [],
    }
    return {
        "id": order,
        "admin_graphql_api_id": f"gid://shopify/Order/{order}",
        "name": f"#{order % 10_000}",
        "confirmation_number": CONFIRMATION,
        "email": "ana@example.com",
        "cart_token": cart,
        "note_attributes": [{"name": "_bazico_cart", "value": str(cart_token)}] if cart_token else [],
        "cancelled_at": moment(second) if cancelled else None,
        "updated_at": moment(second),
        "financial_status": payment,
        "line_items": list(lines) if lines is not None else [own],
        "refunds": list(refunds),
    }


def refund_payload(*, quantity: int, restock: str | None, refund_id: int = 91, order: int = ORDER) -> dict[str, Any]:
    """A refund of units of the order's line."""
    row = {"id": refund_id * 10, "line_item_id": LINE, "quantity": quantity, "restock_type": restock}
    return {"id": refund_id, "order_id": order, "restock": restock != "no_restock", "refund_line_items": [row]}


def edit_payload(edit: int, *, added: int = 0, removed: int = 0, line: int = LINE, second: int = 5) -> dict[str, Any]:
    """An edit that adds to a line or takes from it."""
    additions = [{"id": line, "delta": added}] if added else []
    removals = [{"id": line, "delta": removed}] if removed else []
    return {
        "order_edit": {
            "id": edit,
            "order_id": ORDER,
            "committed_at": moment(second),
            "line_items": {"additions": additions, "removals": removals},
        }
    }
