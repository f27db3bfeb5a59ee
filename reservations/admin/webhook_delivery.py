"""Webhooks: what Shopify sent and what became of it. An operator can try the parked ones again."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from reservations.models import DeliveryStatus, WebhookDelivery
from reservations.models.webhook_delivery import SUBJECT, SUBJECT_LENGTH
from reservations.shopify.webhooks import processor

from . import confirmation
from .base import ReadOnlyAdmin
from .filters import ShopFilter, TopicFilter
from .seen_shops import seen_by

MOST_REPLAYED = 500


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReadOnlyAdmin):
    """Deliveries, newest first."""

    list_display = ("topic", "status", "about", "received_at", "attempts", "error", "conflicts", "of_shop")
    list_select_related = ("shop",)
    list_filter = ("status", TopicFilter, ShopFilter)
    search_fields = ("webhook_id", "event_id")
    search_help_text = gettext_lazy("The id of a delivery, an event, an order or a product, or a cart's token, whole.")
    ordering = ("-id",)
    actions = ("replay",)
    fields = (
        *("topic", "shop", "status", "about", "webhook_id", "event_id", "triggered_at", "received_at", "attempts"),
        *("next_attempt_at", "ended_at", "error", "conflicts", "payload", "related"),
    )
    readonly_fields = fields
    exported_too = ("subject",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Deliveries, each with what it is about."""
        rows: QuerySet[Any] = super().get_queryset(request).annotate(subject=SUBJECT)
        return rows

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Deliveries by an exact id; an index finds each kind of id."""
        term = search_term.strip()
        if not term:
            return queryset, False
        # One query per index, and a "?" begins a cart's secret, which no token here has.
        rows = WebhookDelivery.objects.annotate(subject=SUBJECT).filter(shop__in=seen_by(request.user)).order_by()
        subject = term.rsplit("/", 1)[-1].split("?", 1)[0][:SUBJECT_LENGTH]
        found = (rows.filter(wanted).values("pk") for wanted in (Q(event_id=term), Q(subject=subject)))
        return queryset.filter(pk__in=rows.filter(webhook_id=term).values("pk").union(*found)), False

    def has_replay_permission(self, request: HttpRequest) -> bool:
        """Whether this operator may have deliveries tried again: a right to change them is enough."""
        return request.user.has_perm("reservations.change_webhookdelivery")

    @admin.action(description=gettext_lazy("Try the parked ones again"), permissions=["replay"])
    def replay(self, request: HttpRequest, queryset: QuerySet[WebhookDelivery]) -> HttpResponse | None:
        """Ask, then try the parked ones among the chosen again, from their first attempt."""
        rows = confirmation.chosen(self, request, queryset.select_related("shop"), most=MOST_REPLAYED)
        if not rows:
            return None
        if not confirmation.is_confirmed(request):
            question = _("Those that are parked are tried again at once; the others stay as they are.")
            lines = [(row.pk, self._line(row)) for row in rows]
            return confirmation.ask(
                self, request, action="replay", question=question, button=_("Try again"), rows=lines
            )
        parked = [row for row in rows if row.status == DeliveryStatus.PARKED]
        replayed = processor.replay_deliveries(parked)
        for row in parked:
            self.log_change(request, row, _("Tried again."))
        sentence = ngettext("%d webhook is tried again.", "%d webhooks are tried again.", replayed) % replayed
        self.message_user(request, sentence, messages.SUCCESS if replayed else messages.WARNING)
        return None

    @admin.display(description=gettext_lazy("about"))
    def about(self, row: Any) -> str:
        """The order, the product or the cart that it is about."""
        return row.subject or ""

    def _line(self, row: WebhookDelivery) -> str:
        return " · ".join(filter(None, [row.topic, row.webhook_id, row.get_status_display(), row.error[:200]]))
