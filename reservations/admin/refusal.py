"""Refusals: how many buyers were turned away, of which SKU, when and why. Read only."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from reservations.models import Refusal

from . import search
from .base import ReadOnlyAdmin
from .cell_links import link, moment
from .filters import ShopFilter
from .seen_shops import seen_by


@admin.register(Refusal)
class RefusalAdmin(ReadOnlyAdmin):
    """One row for each SKU, reason and minute in which buyers were turned away, newest first."""

    list_display = ("sku", "reason", "refusals", "units", "available", "next_release", "most_units", "last", "of_shop")
    list_select_related = ("shop", "stock_item")
    list_filter = ("reason", ShopFilter)
    search_fields = ("stock_item__sku",)
    search_help_text = _("A SKU or its beginning.")
    ordering = ("-id",)
    fields = (
        *("sku", "shop", "reason", "minute", "refusals", "units", "available", "next_release", "most_units", "last"),
        "related",
    )
    readonly_fields = fields
    exported_too = ("stock_item", "minute", "last_at")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Rows of the SKUs that begin with the term."""
        term = search_term.strip()
        return (queryset.filter(search.by_sku(term, seen_by(request.user))) if term else queryset), False

    @admin.display(description="SKU")
    def sku(self, row: Refusal) -> SafeString:
        """The stock item."""
        return link("reservations_stockitem_change", row.stock_item.sku, row.stock_item_id)

    @admin.display(description=_("last refused"))
    def last(self, row: Refusal) -> str:
        """The moment of the last one, to the second."""
        return moment(row.last_at)
