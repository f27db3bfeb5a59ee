"""The outbox: what waits, why, and the decisions that only a person can make."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bling_sync.models import Push
from bling_sync.outbox import decide
from reservations.admin.base import ReadOnlyAdmin
from reservations.admin.cell_links import link
from reservations.admin.filters import ShopFilter
from reservations.admin.seen_shops import seen_by

from .push_decision import decide_view
from .push_search import by_sku_or


@admin.register(Push)
class PushAdmin(ReadOnlyAdmin):
    """What became of each sale and return, newest first."""

    list_display = ("created_at", "sku", "kind", "units", "state", "order_id", "attempts", "error", "of_shop")
    list_select_related = ("shop", "stock_item")
    list_filter = ("state", "kind", "mode", ShopFilter)
    search_fields = ("order_id",)
    search_help_text = gettext_lazy("An order, a reservation's id, a key, or a SKU or its beginning.")
    ordering = ("-id",)
    fields = (
        *("key", "shop", "sku", "kind", "mode", "state", "quantity", "cancelled", "order_id", "reservation"),
        *("carried_by", "carries", "created_at", "attempts", "next_attempt_at"),
        *("sending_at", "unknown_at", "effect_at", "ended_at"),
        *("evidence", "error", "escalated_at", "before_physical", "before_at", "after_physical", "after_at"),
        *("bling_order_id", "situation", "by_reservation", "related"),
    )
    readonly_fields = fields
    exported_too = ("stock_item", "reservation_id")
    actions = ("is_in_bling", "send_again")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Pushes by order, reservation, key or SKU."""
        shops = seen_by(request.user)
        return by_sku_or(queryset, search_term, shops, "order_id", ids=("reservation_id", "key")), False

    def has_decide_permission(self, request: HttpRequest) -> bool:
        """Whether this member of staff may decide what became of a push."""
        return request.user.has_perm("bling_sync.change_push")

    @admin.action(description=gettext_lazy("It is in Bling"), permissions=["decide"])
    def is_in_bling(self, request: HttpRequest, queryset: QuerySet[Push]) -> HttpResponse | None:
        """The merchant looked in Bling and found it there."""
        question = _("These units are in Bling's balance already, or you have just booked them there yourself.")
        words = (question, _("It is in Bling"))
        return decide_view(self, request, queryset, action="is_in_bling", words=words, decide=decide.in_bling)

    @admin.action(description=gettext_lazy("It is not in Bling: send it again"), permissions=["decide"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Push]) -> HttpResponse | None:
        """The merchant looked in Bling and did not find it."""
        question = _("These units are missing in Bling's balance and are booked once more.")
        words = (question, _("It is not in Bling: send it again"))
        return decide_view(self, request, queryset, action="send_again", words=words, decide=decide.send_again)

    @admin.display(description="SKU")
    def sku(self, push: Push) -> SafeString:
        """The stock item."""
        return link("reservations_stockitem_change", push.stock_item.sku, push.stock_item_id)

    @admin.display(description=gettext_lazy("units"))
    def units(self, push: Push) -> int:
        """Units that Bling has to learn of."""
        return push.units

    @admin.display(description=gettext_lazy("reservation"))
    def reservation(self, push: Push) -> SafeString:
        """The reservation whose units it carries."""
        return link("reservations_reservation_change", push.reservation_id, push.reservation_id)
