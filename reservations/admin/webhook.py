"""Webhooks: what Shopify told, what became of it, and the parked ones for a person to try again."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from reservations.models import WebhookDelivery
from reservations.shopify.webhooks import processing

from .filters import ShopFilter
from .reading import ReadOnlyAdmin


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReadOnlyAdmin):
    """Deliveries, newest first."""

    list_display = ("topic", "status", "received_at", "attempts", "error", "conflicts", "of_shop")
    list_select_related = ("shop",)
    list_filter = ("status", "topic", ShopFilter)
    search_fields = ("webhook_id", "event_id")
    search_help_text = _("The id of a delivery or of an event, exactly.")
    ordering = ("-id",)
    actions = ("replay",)
    fields = (
        "topic",
        "shop",
        "status",
        "webhook_id",
        "event_id",
        "triggered_at",
        "received_at",
        "attempts",
        "next_attempt_at",
        "ended_at",
        "error",
        "conflicts",
        "payload",
    )
    readonly_fields = fields

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[WebhookDelivery], search_term: str
    ) -> tuple[QuerySet[WebhookDelivery], bool]:
        """Deliveries by their exact ids, which an index finds."""
        term = search_term.strip()
        if not term:
            return queryset, False
        return queryset.filter(webhook_id=term) | queryset.filter(event_id=term), False

    def has_replay_permission(self, request: HttpRequest) -> bool:
        """Whoever may change deliveries may have them tried again."""
        return request.user.has_perm("reservations.change_webhookdelivery")

    @admin.action(description=_("Try the parked ones again"), permissions=["replay"])
    def replay(self, request: HttpRequest, queryset: QuerySet[WebhookDelivery]) -> None:
        """Let the parked ones among those chosen be tried again, from their first attempt."""
        replayed = processing.replay(queryset)
        sentence = ngettext("%d webhook is tried again.", "%d webhooks are tried again.", replayed) % replayed
        self.message_user(request, sentence, messages.SUCCESS if replayed else messages.WARNING)
