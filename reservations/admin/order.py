"""Shopify's orders: the facts we know of each, and what the stock made of them."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from reservations.models import ShopifyOrder

from . import search
from .base import ReadOnlyAdmin
from .filters import ShopFilter
from .seen_shops import seen_by


@admin.register(ShopifyOrder)
class ShopifyOrderAdmin(ReadOnlyAdmin):
    """Orders, newest first."""

    list_display = ("order_id", "name", "cancelled", "shortfall_units", "tag", "settled_at", "heard_at", "of_shop")
    list_select_related = ("shop",)
    list_filter = ("cancelled", "tag", ShopFilter)
    search_fields = ("order_id",)
    search_help_text = _("An order's number or name, or the id of a cart.")
    ordering = ("-id",)
    fields = (
        *("order_id", "name", "shop", "cart_token", "cancelled", "shortfall_units", "tag", "settled_at", "heard_at"),
        *("lines", "lines_at", "refunds", "edits", "related"),
    )
    readonly_fields = fields

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Orders by number, name (with or without "#") or cart."""
        return search.orders(queryset, search_term.strip(), seen_by(request.user)), False
