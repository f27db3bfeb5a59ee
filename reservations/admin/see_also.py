"""Links from each row of the stock to what has to do with it."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from reservations.models import (
    Cart,
    Refusal,
    Reservation,
    ShopifyCart,
    ShopifyOrder,
    Shortfall,
    SkuLink,
    StockItem,
    StockMovement,
    VariantGuard,
    WebhookDelivery,
)

from . import related
from .cell_links import address

Links = Iterable[tuple[object, str]]


@related.to(StockItem)
def of_stock_item(item: StockItem) -> Links:
    """Its reservations of every state, its ledger, its shortfalls, the buyers turned away, its variants."""
    yield _("reservations"), address("reservations_reservation_changelist", q=item.sku, shop=item.shop_id)
    ledger = {"stock_item__id__exact": item.pk, "shop": item.shop_id}
    yield _("ledger"), address("reservations_stockmovement_changelist", **ledger)
    yield _("shortfalls"), address("reservations_shortfall_changelist", **ledger)
    yield _("refusals"), address("reservations_refusal_changelist", **ledger)
    yield _("variants at Shopify"), address("reservations_skulink_changelist", q=item.sku, shop=item.shop_id)
    yield _("everything"), address("where", q=item.sku)


@related.to(Reservation)
def of_reservation(row: Reservation) -> Links:
    """What it moved, its cart and its order."""
    yield _("ledger"), address("reservations_stockmovement_changelist", q=row.pk, shop=row.shop_id)
    if row.cart_token:
        yield _("cart"), address("reservations_cart_changelist", q=row.cart_token, shop=row.shop_id)
    if row.order_id:
        yield _("order"), address("reservations_shopifyorder_changelist", q=row.order_id, shop=row.shop_id)
    yield _("everything"), address("where", q=row.pk)


@related.to(StockMovement)
def of_movement(row: StockMovement) -> Links:
    """The whole ledger of its item, and of its reservation."""
    ledger = {"stock_item__id__exact": row.stock_item_id, "shop": row.shop_id}
    yield _("ledger of the SKU"), address("reservations_stockmovement_changelist", **ledger)
    if row.reservation_id:
        query = {"q": row.reservation_id, "shop": row.shop_id}
        yield _("ledger of the reservation"), address("reservations_stockmovement_changelist", **query)
        yield _("everything"), address("where", q=row.reservation_id)


@related.to(Shortfall)
def of_shortfall(row: Shortfall) -> Links:
    """Its order, and what the order got."""
    yield from _of_order(row.order_id, row.shop_id)
    ledger = {"stock_item__id__exact": row.stock_item_id, "shop": row.shop_id}
    yield _("ledger of the SKU"), address("reservations_stockmovement_changelist", **ledger)


@related.to(Refusal)
def of_refusal(row: Refusal) -> Links:
    """Every other minute of its item, and what moved the item's numbers meanwhile."""
    ledger = {"stock_item__id__exact": row.stock_item_id, "shop": row.shop_id}
    yield _("refusals"), address("reservations_refusal_changelist", **ledger)
    yield _("ledger of the SKU"), address("reservations_stockmovement_changelist", **ledger)


@related.to(ShopifyOrder)
def of_order(row: ShopifyOrder) -> Links:
    """Its reservations, its shortfalls, its cart, its webhooks."""
    yield from _of_order(row.order_id, row.shop_id)
    yield _("shortfalls"), address("reservations_shortfall_changelist", q=row.order_id, shop=row.shop_id)
    yield _("webhooks"), address("reservations_webhookdelivery_changelist", q=row.order_id, shop=row.shop_id)
    if row.cart_token:
        yield _("cart"), address("reservations_cart_changelist", q=row.cart_token, shop=row.shop_id)


@related.to(Cart)
def of_cart(row: Cart) -> Links:
    """What it holds and held, and what Shopify calls it."""
    yield _("reservations"), address("reservations_reservation_changelist", q=row.token, shop=row.shop_id)
    yield _("Shopify cart"), address("reservations_shopifycart_changelist", q=row.token, shop=row.shop_id)
    yield _("order"), address("reservations_shopifyorder_changelist", q=row.token, shop=row.shop_id)
    yield _("everything"), address("where", q=row.token)


@related.to(ShopifyCart)
def of_shopify_cart(row: ShopifyCart) -> Links:
    """What it holds and held, its webhooks, and the order that it became."""
    yield _("reservations"), address("reservations_reservation_changelist", q=row.cart_token, shop=row.shop_id)
    yield _("webhooks"), address("reservations_webhookdelivery_changelist", q=row.token, shop=row.shop_id)
    if row.closed_by:
        yield _("order"), address("reservations_shopifyorder_changelist", q=row.closed_by, shop=row.shop_id)
    yield _("everything"), address("where", q=row.cart_token)


@related.to(SkuLink)
def of_link(row: SkuLink) -> Links:
    """The stock behind it, and what the guard told the checkout."""
    yield _("stock item"), address("reservations_stockitem_changelist", q=row.sku, shop=row.shop_id)
    yield _("guard"), address("reservations_variantguard_changelist", q=row.variant_id, shop=row.shop_id)
    if row.inventory_item_id:
        query = {"q": row.inventory_item_id, "shop": row.shop_id}
        yield _("published level"), address("reservations_publishedlevel_changelist", **query)


@related.to(VariantGuard)
def of_guard(row: VariantGuard) -> Links:
    """The variant's SKU, and the stock item that it guards."""
    yield _("SKU link"), address("reservations_skulink_changelist", q=row.variant_id, shop=row.shop_id)
    if row.stock_item_id:
        yield _("stock item"), address("reservations_stockitem_change", row.stock_item_id)


@related.to(WebhookDelivery)
def of_delivery(row: WebhookDelivery) -> Links:
    """What it is about, and the other deliveries about that."""
    subject = str(getattr(row, "subject", None) or "")
    if not subject:
        return
    yield _("webhooks"), address("reservations_webhookdelivery_changelist", q=subject, shop=row.shop_id)
    if row.topic.startswith(("orders/", "refunds/")):
        yield from _of_order(subject, row.shop_id)
    elif row.topic.startswith("carts/"):
        yield _("Shopify cart"), address("reservations_shopifycart_changelist", q=subject, shop=row.shop_id)


def _of_order(order_id: str, shop_id: int) -> Links:
    yield _("order"), address("reservations_shopifyorder_changelist", q=order_id, shop=shop_id)
    yield _("reservations"), address("reservations_reservation_changelist", q=order_id, shop=shop_id)
    yield _("everything"), address("where", q=order_id)
