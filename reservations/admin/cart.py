"""Carts: our own, and what Shopify calls them."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from reservations.models import Cart, ShopifyCart

from . import search
from .base import ReadOnlyAdmin
from .filters import ShopFilter
from .seen_shops import seen_by


@admin.register(Cart)
class CartAdmin(ReadOnlyAdmin):
    """Carts that hold or held stock, newest first."""

    list_display = ("token", "created_at", "of_shop")
    list_select_related = ("shop",)
    list_filter = (ShopFilter,)
    search_fields = ("token",)
    search_help_text = _("The id of a cart, whole.")
    ordering = ("-id",)
    fields = ("token", "shop", "created_at", "related")
    readonly_fields = fields

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """The cart with that id."""
        return search.exactly(queryset, search_term, seen_by(request.user), uuids=("token",)), False


@admin.register(ShopifyCart)
class ShopifyCartAdmin(ReadOnlyAdmin):
    """Which cart of Shopify's is which of ours, and what it asked for in vain."""

    list_display = ("token", "cart_token", "refused", "closed_by", "updated_at", "seen_at", "of_shop")
    list_select_related = ("shop",)
    list_filter = (ShopFilter,)
    search_fields = ("token",)
    search_help_text = _("Shopify's token of a cart, or the id of a cart, whole.")
    ordering = ("-id",)
    fields = (
        *("token", "cart_token", "shop", "lines", "holds", "refused", "closed_by"),
        *("updated_at", "triggered_at", "seen_at"),
        "related",
    )
    readonly_fields = fields

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """The cart with that token or id. What follows a "?" in a token is a secret, and stored nowhere."""
        term = search_term.split("?", 1)[0]
        return search.exactly(queryset, term, seen_by(request.user), "token", uuids=("cart_token",)), False
