"""Stock items: the formula as the row itself, and from each row the way to its reservations and its ledger."""

from typing import Any

from django.contrib import admin
from django.db.models import F, IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Now
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from reservations.models import Reservation, Status, StockItem

from .base import ReadOnlyAdmin
from .cell_links import link, moment, units
from .count import count_view
from .filters import ShopFilter, ShortfallFilter

# As GET /stock answers: a dead hold's units are free, whether or not a job has written that down.
_DEAD = (
    Reservation.objects.filter(shop=OuterRef("shop"), stock_item=OuterRef("pk"), ended_at=None, expires_at__lte=Now())
    .order_by()
    .values("stock_item")
    .annotate(units=Sum("quantity"))
    .values("units")
)


@admin.register(StockItem)
class StockItemAdmin(ReadOnlyAdmin):
    """Looked at here; counted through the engine."""

    list_display = ("sku", "available", "on_hand", "held", "in_flight", "counted", "ledger", "of_shop")
    list_select_related = ("shop",)
    list_filter = (ShortfallFilter, ShopFilter)
    search_fields = ("sku__startswith",)
    search_help_text = _("A SKU or its beginning, upper and lower case as in Shopify.")
    ordering = ("shop", "sku")
    exported_too = ("free", "reserved", "dead", "counted_at")
    fields = (
        *(
            "sku",
            "shop",
            "available",
            "on_hand",
            "held",
            "in_flight",
            "sells_without_stock",
            "counted_at",
            "created_at",
        ),
        "related",
    )

    def get_readonly_fields(self, request: HttpRequest, obj: object = None) -> tuple[str, ...]:
        """Every field."""
        return self.fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[StockItem]:
        """Stock items with their units in dead holds and their free units."""
        dead = Coalesce(Subquery(_DEAD, output_field=IntegerField()), 0)
        rows: QuerySet[StockItem] = super().get_queryset(request).annotate(dead=dead)
        return rows.annotate(free=F("on_hand") - F("reserved") + F("dead") - F("in_flight"))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Stock items whose SKU begins with the term, as one piece."""
        term = search_term.strip()
        return (queryset.filter(sku__startswith=term) if term else queryset), False

    def get_urls(self) -> list[URLPattern]:
        """The page for a count, beside the usual ones."""
        count = self.admin_site.admin_view(lambda request: count_view(self, request))
        return [path("count/", count, name="reservations_stockitem_count"), *super().get_urls()]

    def has_count_permission(self, request: HttpRequest) -> bool:
        """Whether this operator may apply a count."""
        return request.user.has_perm("reservations.change_stockitem")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The list, with a link to count a SKU that it does not have."""
        may_count = {"may_count": self.has_count_permission(request)}
        return super().changelist_view(request, {**(extra_context or {}), **may_count})

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        """The stock item, with a link to count it."""
        context["may_count"] = self.has_count_permission(request)
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("available"), ordering="free")
    def available(self, item: Any) -> str | SafeString:
        """Units that a buyer could reserve now."""
        return units(item.free)

    @admin.display(description=_("reserved"), ordering="reserved")
    def held(self, item: Any) -> SafeString:
        """Units in live holds, with a link to them."""
        query = {"stock_item__id__exact": item.pk, "shop": item.shop_id, "status": Status.ACTIVE.value}
        return link("reservations_reservation_changelist", item.reserved - item.dead, **query)

    @admin.display(description=_("counted at"), ordering="counted_at")
    def counted(self, item: StockItem) -> str | None:
        """When the last count's read started."""
        return moment(item.counted_at) if item.counted_at else None

    @admin.display(description=_("ledger"))
    def ledger(self, item: StockItem) -> SafeString:
        """A link to its ledger."""
        query = {"stock_item__id__exact": item.pk, "shop": item.shop_id}
        return link("reservations_stockmovement_changelist", _("see all"), **query)
