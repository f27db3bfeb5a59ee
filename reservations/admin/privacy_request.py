"""Shopify's privacy requests for a customer or a merchant, with the data that the merchant hands out."""

from django.contrib import admin

from reservations.models import PrivacyRequest

from .base import ReadOnlyAdmin
from .filters import ShopFilter


@admin.register(PrivacyRequest)
class PrivacyRequestAdmin(ReadOnlyAdmin):
    """Requests, newest first."""

    list_display = ("fulfilled_at", "kind", "reference", "erased", "of_shop")
    list_select_related = ("shop",)
    list_filter = ("kind", ShopFilter)
    search_fields = ("=reference",)
    ordering = ("-id",)
    fields = ("kind", "shop", "reference", "erased", "fulfilled_at", "export")
    readonly_fields = fields
