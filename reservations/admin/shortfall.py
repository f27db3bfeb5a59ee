"""Shortfalls: paid orders that still lack units. A person calls the buyer, then says here how it ended."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from reservations import engine
from reservations.models import Shortfall

from . import confirmation, search
from .base import ReadOnlyAdmin
from .cell_links import link
from .filters import OpenFilter, ShopFilter
from .seen_shops import seen_by


class ResolutionForm(forms.Form):
    """How a person resolved it with the buyer."""

    reason = forms.CharField(label=gettext_lazy("How it was settled"), max_length=255)


@admin.register(Shortfall)
class ShortfallAdmin(ReadOnlyAdmin):
    """What each order lacks, newest first."""

    list_display = ("order_id", "sku", "quantity", "paid_at", "kept_out_by", "resolved_at", "resolution", "of_shop")
    list_select_related = ("shop", "stock_item")
    list_filter = (OpenFilter, ShopFilter)
    search_fields = ("order_id",)
    search_help_text = gettext_lazy("An order, or a SKU or its beginning.")
    ordering = ("-id",)
    fields = (
        *("order_id", "sku", "shop", "quantity", "cause", "paid_at", "created_at", "kept_out_by"),
        *("resolved_at", "resolved_by", "resolution", "related"),
    )
    readonly_fields = fields
    exported_too = ("stock_item",)
    actions = ("resolve", "keep_out", "let_in")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Shortfalls by order or SKU."""
        term = search_term.strip()
        return (search.shortfalls(queryset, term, seen_by(request.user)) if term else queryset), False

    def has_resolve_permission(self, request: HttpRequest) -> bool:
        """Whether this operator may resolve shortfalls."""
        return request.user.has_perm("reservations.change_shortfall")

    @admin.action(description=gettext_lazy("Mark as settled with the buyer"), permissions=["resolve"])
    def resolve(self, request: HttpRequest, queryset: QuerySet[Shortfall]) -> HttpResponse | None:
        """Ask how, then close them; the stock's numbers stay."""
        rows = confirmation.chosen(self, request, queryset.select_related("stock_item", "shop"))
        form = ResolutionForm(request.POST if confirmation.is_confirmed(request) else None)
        if not rows:
            return None
        if form.is_valid():
            self._resolve(request, rows, form.cleaned_data["reason"])
            return None
        question = _("The buyer was paid back, or got the units from elsewhere: the stock owes these units no more.")
        lines = [(row.pk, _line(row)) for row in rows]
        button = _("Mark as settled")
        return confirmation.ask(
            self, request, action="resolve", question=question, button=button, rows=lines, form=form
        )

    def _resolve(self, request: HttpRequest, rows: list[Shortfall], reason: str) -> None:
        resolved = 0
        for row in rows:
            try:
                by = f"admin: {request.user.get_username()}"
                done = engine.resolve_shortfall(row.shop_id, row.order_id, row.stock_item.sku, by=by, reason=reason)
            except engine.EngineError as error:
                self.message_user(request, error.detail(get_language() or "pt-br"), messages.ERROR)
                break
            if done:
                resolved += 1
                self.log_change(request, row, _("Settled: %(reason)s") % {"reason": reason})
        text = ngettext("%(count)d shortfall was settled.", "%(count)d shortfalls were settled.", resolved)
        self.message_user(request, text % {"count": resolved}, messages.SUCCESS if resolved else messages.WARNING)

    @admin.action(description=gettext_lazy("Keep out of the queue"), permissions=["resolve"])
    def keep_out(self, request: HttpRequest, queryset: QuerySet[Shortfall]) -> HttpResponse | None:
        """Ask, then let the orders get no free unit by themselves."""
        question = _("What comes free does not go to these orders by itself. Each is kept out with all that it lacks.")
        return self._queue(request, queryset, "keep_out", question, _("Keep out of the queue"))

    @admin.action(description=gettext_lazy("Let into the queue again"), permissions=["resolve"])
    def let_in(self, request: HttpRequest, queryset: QuerySet[Shortfall]) -> HttpResponse | None:
        """Ask, then let the orders get the next free units again."""
        question = _("The orders get the next free units again, each in its turn. What is free now is theirs at once.")
        return self._queue(request, queryset, "let_in", question, _("Let into the queue again"))

    def _queue(
        self, request: HttpRequest, queryset: QuerySet[Shortfall], action: str, question: str, button: str
    ) -> HttpResponse | None:
        rows = confirmation.chosen(self, request, queryset.select_related("stock_item", "shop"))
        if not rows:
            return None
        if not confirmation.is_confirmed(request):
            lines = [(row.pk, _line(row)) for row in rows]
            return confirmation.ask(self, request, action=action, question=question, button=button, rows=lines)
        by, changed = f"admin: {request.user.get_username()}", 0
        # In turn: the first that is let in gets what is free.
        rows.sort(key=lambda row: (row.paid_at, row.order_id))
        try:
            for row in {(row.shop_id, row.order_id): row for row in rows}.values():
                if action == "keep_out":
                    done = engine.keep_out(row.shop_id, row.order_id, by=by)
                else:
                    done = engine.let_in(row.shop_id, row.order_id)
                if done:
                    changed += 1
                    self.log_change(request, row, button)
        except engine.EngineError as error:
            self.message_user(request, error.detail(get_language() or "pt-br"), messages.ERROR)
        text = ngettext("%(count)d order was changed.", "%(count)d orders were changed.", changed)
        self.message_user(request, text % {"count": changed}, messages.SUCCESS if changed else messages.WARNING)
        return None

    @admin.display(description="SKU")
    def sku(self, row: Shortfall) -> SafeString:
        """The stock item."""
        return link("reservations_stockitem_change", row.stock_item.sku, row.stock_item_id)


def _line(row: Shortfall) -> str:
    return f"{row.quantity} x {row.stock_item.sku} · {row.order_id} · {row.shop}"
