"""Differences between Bling's figures and ours, each with its cause."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from bling_sync.models import Difference
from reservations.admin.base import ReadOnlyAdmin
from reservations.admin.cell_links import link
from reservations.admin.filters import ShopFilter
from reservations.admin.seen_shops import seen_by

from .push_search import by_sku_or


@admin.register(Difference)
class DifferenceAdmin(ReadOnlyAdmin):
    """What differed, by how much, and why; newest first."""

    list_display = ("seen_at", "sku", "expected", "bling", "units", "cause", "short", "resolved_at", "of_shop")
    list_select_related = ("shop", "stock_item")
    list_filter = ("cause", ("resolved_at", admin.EmptyFieldListFilter), ShopFilter)
    search_fields = ("stock_item__sku",)
    search_help_text = _("A SKU or its beginning.")
    ordering = ("-id",)
    fields = ("shop", "sku", "expected", "bling", "units", "cause", "short", "seen_at", "resolved_at", "related")
    readonly_fields = fields
    exported_too = ("stock_item",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Differences by SKU."""
        return by_sku_or(queryset, search_term, seen_by(request.user)), False

    @admin.display(description="SKU")
    def sku(self, difference: Difference) -> SafeString:
        """The stock item."""
        return link("reservations_stockitem_change", difference.stock_item.sku, difference.stock_item_id)

    @admin.display(description=_("units"))
    def units(self, difference: Difference) -> str:
        """By how much."""
        return f"{(difference.bling - difference.expected).normalize():+f}"
