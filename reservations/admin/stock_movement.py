"""The ledger: every change of every number, with its cause. Read only."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from reservations.models import StockMovement

from . import search
from .base import ReadOnlyAdmin
from .cell_links import link, moment, moved, units
from .filters import ShopFilter
from .seen_shops import seen_by


@admin.register(StockMovement)
class StockMovementAdmin(ReadOnlyAdmin):
    """Each row with the balances after it, and what it added to or took from them."""

    list_display = (
        *("when", "sku", "kind", "on_hand_moved", "reserved_moved", "in_flight_moved", "available_after"),
        *("reservation", "reference", "of_shop"),
    )
    list_select_related = ("shop", "stock_item")
    list_filter = ("kind", ShopFilter)
    search_fields = ("stock_item__sku",)
    search_help_text = _("A SKU or its beginning, or the id of a reservation.")
    ordering = ("-id",)
    fields = (
        *("when", "sku", "shop", "position", "kind", "on_hand_moved", "reserved_moved", "in_flight_moved"),
        *("available_after", "reservation", "reference", "related"),
    )
    readonly_fields = fields
    exported_too = (
        *("at", "stock_item", "on_hand_delta", "reserved_delta", "in_flight_delta"),
        *("on_hand", "reserved", "in_flight", "reservation_id"),
    )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Ledger rows of a reservation or of SKUs."""
        term = search_term.strip()
        return (search.movements(queryset, term, seen_by(request.user)) if term else queryset), False

    @admin.display(description=_("at"), ordering="id")
    def when(self, row: StockMovement) -> str:
        """The moment, to the second."""
        return moment(row.at)

    @admin.display(description="SKU")
    def sku(self, row: StockMovement) -> SafeString:
        """The stock item."""
        return link("reservations_stockitem_change", row.stock_item.sku, row.stock_item_id)

    @admin.display(description=_("on hand"))
    def on_hand_moved(self, row: StockMovement) -> str | SafeString:
        """Units on hand after the row, and its change."""
        return moved(row.on_hand, row.on_hand_delta)

    @admin.display(description=_("reserved"))
    def reserved_moved(self, row: StockMovement) -> str | SafeString:
        """Units reserved after the row, and its change."""
        return moved(row.reserved, row.reserved_delta)

    @admin.display(description=_("in flight"))
    def in_flight_moved(self, row: StockMovement) -> str | SafeString:
        """Units in flight after the row, and its change."""
        return moved(row.in_flight, row.in_flight_delta)

    @admin.display(description=_("available"))
    def available_after(self, row: StockMovement) -> str | SafeString:
        """Units that could be promised after the row."""
        return units(row.available)

    @admin.display(description=_("reservation"), empty_value="")
    def reservation(self, row: StockMovement) -> SafeString | None:
        """The reservation that moved the numbers."""
        if row.reservation_id is None:
            return None
        return link("reservations_reservation_change", f"…{str(row.reservation_id)[-12:]}", row.reservation_id)
