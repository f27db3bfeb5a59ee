"""Linked products: Bling's figure, its age, and a reading on demand."""

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bling_sync import shop_work
from bling_sync.errors import BlingError
from bling_sync.models import Connection, Product
from bling_sync.reconcile import reading
from bling_sync.resources.balances import IDS_PER_CALL
from reservations.admin.base import ReadOnlyAdmin
from reservations.admin.cell_links import link
from reservations.admin.filters import ShopFilter
from reservations.admin.seen_shops import seen_by

from .push_search import by_sku_or


@admin.register(Product)
class ProductAdmin(ReadOnlyAdmin):
    """Which Bling product feeds which SKU."""

    list_display = ("sku", "name", "virtual", "physical", "read_started_at", "missing_since", "item", "of_shop")
    list_select_related = ("shop", "stock_item")
    list_filter = (("missing_since", admin.EmptyFieldListFilter), ShopFilter)
    search_fields = ("sku",)
    search_help_text = gettext_lazy("A SKU or its beginning.")
    ordering = ("-id",)
    fields = (
        *("sku", "name", "bling_id", "shop", "item", "price", "physical", "virtual", "read_started_at"),
        *("read_due_at", "missing_since", "related"),
    )
    readonly_fields = fields
    exported_too = ("bling_id",)
    actions = ("read_now",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Products by SKU."""
        return by_sku_or(queryset, search_term, seen_by(request.user), "sku"), False

    def has_read_permission(self, request: HttpRequest) -> bool:
        """Whether this member of staff may read from Bling."""
        return request.user.has_perm("bling_sync.change_product")

    @admin.action(description=gettext_lazy("Read from Bling now"), permissions=["read"])
    def read_now(self, request: HttpRequest, queryset: QuerySet[Product]) -> None:
        """Read these balances from Bling and apply them."""
        say = partial(self.message_user, request)
        chosen = list(queryset.filter(stock_item__isnull=False).order_by("shop", "pk")[:IDS_PER_CALL])
        for shop_id in dict.fromkeys(product.shop_id for product in chosen):
            known = Connection.objects.filter(shop_id=shop_id).first()
            # A shop's products are there before its connection, and outlive it.
            if known is not None and known.reading_paused_at is not None:
                say(_("Readings are paused since an import was undone."), messages.WARNING)
                continue
            try:
                figures = reading.read(
                    shop_work.ready_connection(shop_id), [product for product in chosen if product.shop_id == shop_id]
                )
            except BlingError as error:
                say(_("Bling does not answer: %(reason)s") % {"reason": error}, messages.ERROR)
            else:
                say(_("%(count)d figures were read from Bling.") % {"count": figures}, messages.SUCCESS)

    @admin.display(description=gettext_lazy("stock item"))
    def item(self, product: Product) -> SafeString | str:
        """The stock item that it feeds."""
        if product.stock_item is None:
            return "-"
        return link("reservations_stockitem_change", product.stock_item.sku, product.stock_item_id)
