"""Links from a row of the stock to Bling's rows about it, and back."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from bling_sync.models import Difference, ImportLine, ImportRun, Product, Push, WebhookEvent
from reservations.admin import related
from reservations.admin.cell_links import address
from reservations.models import Reservation, ShopifyOrder, Shortfall, StockItem

Links = Iterable[tuple[object, str]]


@related.to(StockItem)
def of_stock_item(item: StockItem) -> Links:
    """Its pushes, Bling's figure, and the differences between the two."""
    of_item = {"stock_item__id__exact": item.pk, "shop": item.shop_id}
    yield _("outbox"), address("bling_sync_push_changelist", **of_item)
    yield _("Bling's product"), address("bling_sync_product_changelist", **of_item)
    yield _("differences"), address("bling_sync_difference_changelist", **of_item)


@related.to(Reservation)
def of_reservation(row: Reservation) -> Links:
    """What we sent Bling about it."""
    yield _("outbox"), address("bling_sync_push_changelist", q=row.pk, shop=row.shop_id)


@related.to(ShopifyOrder)
@related.to(Shortfall)
def of_order(row: ShopifyOrder | Shortfall) -> Links:
    """What we sent Bling about it."""
    yield _("outbox"), address("bling_sync_push_changelist", q=row.order_id, shop=row.shop_id)


@related.to(Push)
def of_push(push: Push) -> Links:
    """Its reservation's ledger, the rest of its order, and what Bling said about it."""
    yield _("ledger"), address("reservations_stockmovement_changelist", q=push.reservation_id, shop=push.shop_id)
    if push.order_id:
        yield _("order"), address("reservations_shopifyorder_changelist", q=push.order_id, shop=push.shop_id)
        yield _("Bling's webhooks"), address("bling_sync_webhookevent_changelist", q=push.order_id, shop=push.shop_id)
    if push.product_id:
        yield _("Bling's product"), address("bling_sync_product_change", push.product_id)
    yield _("everything"), address("where", q=push.reservation_id)


@related.to(Product)
def of_product(product: Product) -> Links:
    """Its webhooks, its pushes, its differences."""
    query = {"product_id": product.bling_id, "shop": product.shop_id}
    yield _("Bling's webhooks"), address("bling_sync_webhookevent_changelist", **query)
    if product.stock_item_id:
        of_item = {"stock_item__id__exact": product.stock_item_id, "shop": product.shop_id}
        yield _("outbox"), address("bling_sync_push_changelist", **of_item)
        yield _("differences"), address("bling_sync_difference_changelist", **of_item)


@related.to(Difference)
def of_difference(row: Difference) -> Links:
    """What happened to the item, here and on the way to Bling."""
    of_item = {"stock_item__id__exact": row.stock_item_id, "shop": row.shop_id}
    yield _("ledger of the SKU"), address("reservations_stockmovement_changelist", **of_item)
    yield _("outbox"), address("bling_sync_push_changelist", **of_item)


@related.to(WebhookEvent)
def of_event(event: WebhookEvent) -> Links:
    """The product or the order that it speaks of."""
    if event.product_id:
        query = {"bling_id": event.product_id, "shop": event.shop_id}
        yield _("Bling's product"), address("bling_sync_product_changelist", **query)
    if event.store_number:
        yield _("outbox"), address("bling_sync_push_changelist", q=event.store_number, shop=event.shop_id)
        yield _("order"), address("reservations_shopifyorder_changelist", q=event.store_number, shop=event.shop_id)


@related.to(ImportRun)
def of_run(run: ImportRun) -> Links:
    """Each of its products."""
    yield _("import lines"), address("bling_sync_importline_changelist", run__id__exact=run.pk, shop=run.shop_id)


@related.to(ImportLine)
def of_line(line: ImportLine) -> Links:
    """The stock item that it counts."""
    if line.sku:
        yield _("stock item"), address("reservations_stockitem_changelist", q=line.sku, shop=line.shop_id)
