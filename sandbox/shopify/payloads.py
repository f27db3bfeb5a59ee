"""The bodies of webhooks: shaped as the REST API's resources, with the fields that an app reads."""

from typing import Any

from sandbox.shopify.entities import (
    InventoryItem,
    LineItem,
    Order,
    Product,
    Refund,
    RefundLine,
    Return,
    ReverseFulfillmentOrder,
    Variant,
    gid,
    stamp,
)
from sandbox.shopify.store import Store

FULFILLED = {"FULFILLED": "fulfilled", "PARTIALLY_FULFILLED": "partial"}


def order(found: Order) -> dict[str, Any]:
    """orders/create, orders/updated, orders/paid, orders/cancelled."""
    return {
        "id": found.number,
        "admin_graphql_api_id": found.id,
        "name": found.name,
        "confirmation_number": found.confirmation_number,
        "order_number": int(found.name[1:]),
        "token": f"{found.number:032x}",
        "cart_token": found.cart_token,
        "checkout_id": found.number + 1,
        "checkout_token": found.checkout_token,
        "note": found.note or None,
        "note_attributes": [{"name": a["key"], "value": a["value"]} for a in found.custom_attributes],
        "financial_status": found.display_financial_status.lower(),
        "payment_gateway_names": found.payment_gateway_names,
        "payment_terms": _payment_terms(found),
        "fulfillment_status": FULFILLED.get(found.display_fulfillment_status),
        "location_id": found.retail_location.number if found.retail_location else None,
        "cancelled_at": found.cancelled_at,
        "cancel_reason": found.cancel_reason,
        "confirmed": found.confirmed,
        "created_at": found.created_at,
        "updated_at": found.updated_at,
        "processed_at": found.created_at,
        "source_name": found.source_name,
        "currency": found.currency_code,
        "tags": ", ".join(found.tags),
        "test": found.test,
        "line_items": [line(known) for known in found.lines],
        "refunds": [refund(found, known) for known in found.refund_list],
    }


def line(found: LineItem) -> dict[str, Any]:
    """A line of an order."""
    return {
        "id": found.number,
        "admin_graphql_api_id": found.id,
        "variant_id": found.variant.number if found.variant else None,
        "product_id": found.product.number if found.product else None,
        "product_exists": found.product is not None,
        "gift_card": False,
        "sku": found.sku,
        "title": found.title,
        "name": found.title,
        "price": found.price,
        "quantity": found.quantity,
        "current_quantity": found.current_quantity,
        "fulfillable_quantity": found.unfulfilled_quantity,
        "fulfillment_status": None,
        "requires_shipping": True,
        "properties": [{"name": a["key"], "value": a["value"]} for a in found.custom_attributes],
    }


def refund(owner: Order, found: Refund) -> dict[str, Any]:
    """refunds/create."""
    return {
        "id": found.number,
        "admin_graphql_api_id": found.id,
        "order_id": owner.number,
        "created_at": found.created_at,
        "note": found.note,
        "restock": any(known.restocked for known in found.lines),
        "user_id": 1,
        "refund_line_items": [_refund_line(known) for known in found.lines],
        "transactions": [],
        "order_adjustments": [],
    }


def returned(found: Return) -> dict[str, Any]:
    """returns/approve, returns/process and the others: the return's lines, and whose order it is."""
    return {
        "id": found.number,
        "admin_graphql_api_id": found.id,
        "name": found.name,
        "status": found.status.lower(),
        "order": {"id": found.order.number, "admin_graphql_api_id": found.order.id},
        "total_return_line_items": len(found.lines),
        "return_line_items": [
            {
                "id": known.number,
                "admin_graphql_api_id": known.id,
                "quantity": known.quantity,
                "fulfillment_line_item": {
                    "id": known.fulfillment_line_item.number,
                    "line_item": {"id": known.line.number, "admin_graphql_api_id": known.line.id},
                },
                "return_reason": "unwanted",
            }
            for known in found.lines
        ],
    }


def reverse_order(found: ReverseFulfillmentOrder) -> dict[str, Any]:
    """reverse_fulfillment_orders/dispose: which one it is; whoever wants to know more asks."""
    return {"id": found.number, "admin_graphql_api_id": found.id, "status": found.status.lower()}


def order_edit(owner: Order, edit: dict[str, Any], additions: list[Any], removals: list[Any]) -> dict[str, Any]:
    """orders/edited: not an order, but what changed; each of both is {id, delta}."""
    return {
        "order_edit": {
            "id": edit["number"],
            "app_id": None,
            "order_id": owner.number,
            "created_at": owner.updated_at,
            "committed_at": owner.updated_at,
            "notify_customer": False,
            "user_id": 1,
            "staff_note": "",
            "line_items": {"additions": additions, "removals": removals},
        }
    }


def cart(store: Store, token: str, lines: list[dict[str, Any]], created_at: str, updated_at: str) -> dict[str, Any]:
    """carts/create, carts/update: online store carts, without attributes and without the customer."""
    return {
        "id": token,
        "token": token,
        "note": None,
        "created_at": created_at,
        "updated_at": updated_at,
        "line_items": [_cart_line(row["variant"], row["quantity"], row.get("properties")) for row in lines],
    }


def product(found: Product) -> dict[str, Any]:
    """products/create and products/update."""
    return {
        "id": found.number,
        "admin_graphql_api_id": found.id,
        "title": found.title,
        "handle": found.handle,
        "status": found.status.lower(),
        "vendor": found.vendor,
        "tags": ", ".join(found.tags),
        "created_at": found.created_at,
        "updated_at": found.updated_at,
        "variants": [_variant(known) for known in found.items],
        "variant_gids": [{"admin_graphql_api_id": known.id, "updated_at": known.updated_at} for known in found.items],
    }


def item(found: InventoryItem) -> dict[str, Any]:
    """inventory_items/update."""
    return {
        "id": found.number,
        "admin_graphql_api_id": found.id,
        "sku": found.sku,
        "tracked": found.tracked,
        "requires_shipping": found.requires_shipping,
        "cost": None,
        "created_at": found.created_at,
        "updated_at": found.updated_at,
    }


def shop(store: Store) -> dict[str, Any]:
    """app/uninstalled."""
    return {
        "id": store.number,
        "name": store.domain.partition(".")[0],
        "domain": store.domain,
        "myshopify_domain": store.domain,
        "currency": "BRL",
        "iana_timezone": "America/Sao_Paulo",
    }


def scopes(store: Store, previous: list[str], now: str) -> dict[str, Any]:
    """app/scopes_update."""
    return {
        "id": gid("AppInstallation", store.number),
        "previous": previous,
        "current": list(store.rules.scopes),
        "updated_at": now,
    }


def _payment_terms(found: Order) -> dict[str, Any] | None:
    terms = found.payment_terms
    if terms is None:
        return None
    schedule = {"issued_at": found.created_at, "due_at": stamp(found.terms_due), "completed_at": None}
    return {"payment_terms_name": "Fixed", "payment_terms_type": "fixed", "payment_schedules": [schedule]}


def _refund_line(found: RefundLine) -> dict[str, Any]:
    return {
        "id": found.number,
        "line_item_id": found.line_item.number,
        "quantity": found.quantity,
        "restock_type": found.kind,
        "location_id": found.location.number if found.location else None,
        "line_item": line(found.line_item),
    }


def _cart_line(variant: Variant, quantity: int, properties: dict[str, str] | None) -> dict[str, Any]:
    return {
        "id": variant.number,
        "key": f"{variant.number}:{variant.number:x}",
        "variant_id": variant.number,
        "product_id": variant.product.number,
        "quantity": quantity,
        "sku": variant.sku,
        "title": variant.display_name,
        "price": variant.price,
        "line_price": f"{float(variant.price) * quantity:.2f}",
        "properties": properties,
        "vendor": variant.product.vendor,
        "gift_card": False,
        "taxable": True,
        "grams": 0,
    }


def _variant(found: Variant) -> dict[str, Any]:
    return {
        "id": found.number,
        "admin_graphql_api_id": found.id,
        "product_id": found.product.number,
        "title": found.title,
        "sku": found.sku,
        "price": found.price,
        "inventory_policy": found.inventory_policy.lower(),
        "inventory_item_id": found.inventory_item.number,
        "inventory_quantity": found.inventory_quantity,
        "created_at": found.created_at,
        "updated_at": found.updated_at,
    }
