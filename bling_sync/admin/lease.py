"""Leases, where staff see why a shop's work waits."""

from django.contrib import admin

from bling_sync.models import Lease
from reservations.admin.base import ReadOnlyAdmin
from reservations.admin.filters import ShopFilter


@admin.register(Lease)
class LeaseAdmin(ReadOnlyAdmin):
    """Which worker does which work, and until when no other may take it over."""

    list_display = ("name", "holder", "until", "of_shop")
    list_select_related = ("shop",)
    list_filter = (ShopFilter,)
    ordering = ("-until",)
    fields = ("name", "shop", "holder", "until")
    readonly_fields = fields
