"""Shortfalls: orders that were paid and have not got their units. A person calls the buyer."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from reservations.models import Shortfall

from . import searching
from .filters import OpenFilter, ShopFilter
from .links import link
from .reading import ReadOnlyAdmin


@admin.register(Shortfall)
class ShortfallAdmin(ReadOnlyAdmin):
    """What each order is missing, newest first."""

    list_display = ("order_id", "sku", "quantity", "created_at", "resolved_at", "of_shop")
    list_select_related = ("shop", "stock_item")
    list_filter = (OpenFilter, ShopFilter)
    search_fields = ("order_id",)
    search_help_text = _("An order, or a SKU or its beginning.")
    ordering = ("-id",)
    fields = ("order_id", "sku", "shop", "quantity", "created_at", "resolved_at")
    readonly_fields = fields

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Shortfalls by order or SKU."""
        term = search_term.strip()
        return (searching.shortfalls(queryset, term) if term else queryset), False

    @admin.display(description="SKU")
    def sku(self, row: Shortfall) -> SafeString:
        """The stock item."""
        return link("reservations_stockitem_change", row.stock_item.sku, row.stock_item_id)
