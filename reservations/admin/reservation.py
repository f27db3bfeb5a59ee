"""Reservations: which cart holds which units until when, and how to release them."""

from typing import Any

from django.contrib import admin
from django.db.models import BooleanField, Case, QuerySet, Value, When
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from reservations.models import Reservation, Status

from . import search
from .base import ReadOnlyAdmin
from .cell_links import link, moment
from .filters import ShopFilter, StatusFilter
from .hold_actions import extend_view, release_view
from .seen_shops import seen_by


@admin.register(Reservation)
class ReservationAdmin(ReadOnlyAdmin):
    """The admin shows them; the engine releases and extends them."""

    list_display = ("code", "sku", "quantity", "state", "until", "order_id", "since", "ledger", "of_shop")
    list_select_related = ("shop", "stock_item")
    list_filter = (StatusFilter, ShopFilter)
    search_fields = ("order_id",)
    search_help_text = _("A SKU or its beginning, an order, or the id of a reservation or a cart.")
    # The ids begin with the time, so this is the order of creation, along an index.
    ordering = ("-id",)
    fields = (
        *("id", "sku", "shop", "quantity", "returned", "state", "until", "created_at", "ended_at"),
        *("order_id", "cart_token", "related"),
    )
    readonly_fields = fields
    exported_too = ("stock_item", "status", "expires_at")
    actions = ("release", "extend")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Reservation]:
        """Reservations, each with whether its time is over by the database's clock."""
        over = Case(When(expires_at__lte=Now(), then=Value(True)), default=Value(False), output_field=BooleanField())  # noqa: FBT003
        rows: QuerySet[Reservation] = super().get_queryset(request).annotate(over=over)
        return rows

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Reservations by id, cart, order or SKU."""
        term = search_term.strip()
        return (search.reservations(queryset, term, seen_by(request.user)) if term else queryset), False

    def has_release_permission(self, request: HttpRequest) -> bool:
        """Whether this member of staff may release reservations."""
        return request.user.has_perm("reservations.change_reservation")

    @admin.action(description=_("Release the selected reservations"), permissions=["release"])
    def release(self, request: HttpRequest, queryset: QuerySet[Reservation]) -> HttpResponse | None:
        """Ask for a reason and give the units back."""
        return release_view(self, request, queryset)

    @admin.action(description=_("Extend the selected reservations"), permissions=["release"])
    def extend(self, request: HttpRequest, queryset: QuerySet[Reservation]) -> HttpResponse | None:
        """Ask, and give the buyers more time."""
        return extend_view(self, request, queryset)

    @admin.display(description=_("reservation"), ordering="id")
    def code(self, row: Reservation) -> str:
        """The end of its id. The beginning is the time, nearly the same for all of a minute."""
        return f"…{str(row.pk)[-12:]}"

    @admin.display(description="SKU")
    def sku(self, row: Reservation) -> SafeString:
        """The stock item."""
        return link("reservations_stockitem_change", row.stock_item.sku, row.stock_item_id)

    @admin.display(description=_("status"))
    def state(self, row: Any) -> str:
        """Its state now: a dead hold is expired."""
        return str(Status(Status.EXPIRED if row.status == Status.ACTIVE and row.over else row.status).label)

    @admin.display(description=_("expires at"), ordering="expires_at")
    def until(self, row: Reservation) -> str:
        """Until when it holds its units, to the second."""
        return moment(row.expires_at)

    @admin.display(description=_("created at"), ordering="created_at")
    def since(self, row: Reservation) -> str:
        """Since when it holds its units, to the second."""
        return moment(row.created_at)

    @admin.display(description=_("ledger"))
    def ledger(self, row: Reservation) -> SafeString:
        """A link to what it moved."""
        return link("reservations_stockmovement_changelist", _("see all"), q=row.pk, shop=row.shop_id)
