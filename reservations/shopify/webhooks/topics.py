"""The handler of each topic."""

from collections.abc import Mapping

from . import (
    app_scopes_update,
    app_uninstalled,
    carts_create,
    carts_update,
    customers_data_request,
    customers_redact,
    inventory_items_update,
    inventory_levels_update,
    orders_cancelled,
    orders_create,
    orders_edited,
    orders_paid,
    orders_updated,
    products_create,
    products_delete,
    products_update,
    refunds_create,
    returns_cancel,
    returns_process,
    returns_update,
    reverse_fulfillment_orders_dispose,
    shop_redact,
)
from .handler import Handler

HANDLERS: Mapping[str, Handler] = {
    "app/scopes_update": app_scopes_update.handler,
    "app/uninstalled": app_uninstalled.handler,
    "carts/create": carts_create.handler,
    "carts/update": carts_update.handler,
    "customers/data_request": customers_data_request.handler,
    "customers/redact": customers_redact.handler,
    "inventory_items/update": inventory_items_update.handler,
    "inventory_levels/update": inventory_levels_update.handler,
    "orders/cancelled": orders_cancelled.handler,
    "orders/create": orders_create.handler,
    "orders/edited": orders_edited.handler,
    "orders/paid": orders_paid.handler,
    "orders/updated": orders_updated.handler,
    "products/create": products_create.handler,
    "products/delete": products_delete.handler,
    "products/update": products_update.handler,
    "refunds/create": refunds_create.handler,
    "returns/cancel": returns_cancel.handler,
    "returns/process": returns_process.handler,
    "returns/update": returns_update.handler,
    "reverse_fulfillment_orders/dispose": reverse_fulfillment_orders_dispose.handler,
    "shop/redact": shop_redact.handler,
}
