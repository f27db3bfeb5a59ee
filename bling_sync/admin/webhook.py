"""Webhooks as we stored them; staff may have them processed once more."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bling_sync.models import WebhookEvent
from bling_sync.webhooks.replay import replay
from reservations.admin import confirmation, search
from reservations.admin.base import ReadOnlyAdmin
from reservations.admin.cell_links import link
from reservations.admin.filters import ShopFilter
from reservations.admin.seen_shops import seen_by

from .bling_filters import ProcessedFilter

MOST_REPLAYED = 500


@admin.register(WebhookEvent)
class WebhookEventAdmin(ReadOnlyAdmin):
    """What Bling sent unasked, newest first."""

    list_display = (
        *("received_at", "event", "product_id", "operation", "quantity", "store_number", "processed_at"),
        *("echo_of", "of_shop"),
    )
    list_select_related = ("shop",)
    list_filter = (ProcessedFilter, ShopFilter)
    search_fields = ("event_id",)
    search_help_text = gettext_lazy("The id of an event, or an order's number at the channel, whole.")
    ordering = ("-id",)
    fields = (
        *("event_id", "event", "shop", "happened_at", "received_at", "processed_at", "product_id", "deposit_id"),
        *("operation", "quantity", "bling_order_id", "store_number", "situation", "echo_of", "related"),
    )
    readonly_fields = fields
    exported_too = ("claimed_by",)
    actions = ("replay",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Events by their id or their order."""
        return search.exactly(queryset, search_term, seen_by(request.user), "event_id", "store_number"), False

    def has_replay_permission(self, request: HttpRequest) -> bool:
        """Whether this member of staff may have events processed again."""
        return request.user.has_perm("bling_sync.change_webhookevent")

    @admin.action(description=gettext_lazy("Look at these once more"), permissions=["replay"])
    def replay(self, request: HttpRequest, queryset: QuerySet[WebhookEvent]) -> HttpResponse | None:
        """Ask, then let the next sweep process them again: that leads to readings, never to a figure."""
        rows = confirmation.chosen(self, request, queryset.select_related("shop"), most=MOST_REPLAYED)
        if not rows:
            return None
        if not confirmation.is_confirmed(request):
            question = _("Their products are read from Bling again, their orders looked up. Nothing is booked twice.")
            lines = [(row.pk, f"{row.event} · {row.event_id}") for row in rows]
            button = _("Look once more")
            return confirmation.ask(self, request, action="replay", question=question, button=button, rows=lines)
        replayed = replay(rows)
        for row in rows:
            self.log_change(request, row, _("Looked at once more."))
        text = ngettext("%(count)d webhook is due again.", "%(count)d webhooks are due again.", replayed)
        self.message_user(request, text % {"count": replayed}, messages.SUCCESS if replayed else messages.WARNING)
        return None

    @admin.display(description=gettext_lazy("echo of push"), ordering="claimed_by")
    def echo_of(self, event: WebhookEvent) -> SafeString | str:
        """The push that caused it."""
        return link("bling_sync_push_change", event.claimed_by, event.claimed_by) if event.claimed_by else "-"
