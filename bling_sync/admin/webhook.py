"""Webhooks as they were kept."""

from django.contrib import admin

from bling_sync.models import WebhookEvent
from reservations.admin.filters import ShopFilter
from reservations.admin.reading import ReadOnlyAdmin


@admin.register(WebhookEvent)
class WebhookEventAdmin(ReadOnlyAdmin):
    """What Bling said by itself, newest first."""

    list_display = (
        *("received_at", "event", "product_id", "operation", "quantity", "store_number", "processed_at"),
        *("claimed_by", "of_shop"),
    )
    list_select_related = ("shop",)
    list_filter = ("event", ShopFilter)
    search_fields = ("=event_id", "=store_number")
    ordering = ("-id",)
    fields = (
        *("event_id", "event", "shop", "happened_at", "received_at", "processed_at", "product_id", "deposit_id"),
        *("operation", "quantity", "bling_order_id", "store_number", "situation", "claimed_by"),
    )
    readonly_fields = fields
