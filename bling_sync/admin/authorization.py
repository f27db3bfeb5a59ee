"""Merchants on the way to Bling's consent page and back."""

from django.contrib import admin

from bling_sync.models import AuthorizationRequest
from reservations.admin.base import ReadOnlyAdmin
from reservations.admin.filters import ShopFilter


@admin.register(AuthorizationRequest)
class AuthorizationRequestAdmin(ReadOnlyAdmin):
    """Merchants on the way to Bling's consent page, newest first. Their secrets are never shown."""

    list_display = ("created_at", "expires_at", "used_at", "of_shop")
    list_select_related = ("shop",)
    list_filter = (ShopFilter,)
    ordering = ("-id",)
    fields = ("shop", "created_at", "expires_at", "used_at")
    readonly_fields = fields
