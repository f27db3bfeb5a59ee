"""The machinery's own tables: consents under way, leases, and how often we called Bling."""

from django.contrib import admin

from bling_sync.models import AuthorizationRequest, Lease, RequestSlot, TokenCall
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


@admin.register(Lease)
class LeaseAdmin(ReadOnlyAdmin):
    """Which worker does which work, and until when no other may take it over."""

    list_display = ("name", "holder", "until", "of_shop")
    list_select_related = ("shop",)
    list_filter = (ShopFilter,)
    ordering = ("-until",)
    fields = ("name", "shop", "holder", "until")
    readonly_fields = fields


@admin.register(RequestSlot)
class RequestSlotAdmin(ReadOnlyAdmin):
    """The pace of requests while Redis is away."""

    list_display = ("limit_key", "free_at")
    ordering = ("limit_key",)
    fields = ("limit_key", "free_at")
    readonly_fields = fields


@admin.register(TokenCall)
class TokenCallAdmin(ReadOnlyAdmin):
    """When we called Bling's token address: after too many calls in a minute it refuses us for an hour."""

    list_display = ("at",)
    ordering = ("-id",)
    fields = ("at",)
    readonly_fields = fields
