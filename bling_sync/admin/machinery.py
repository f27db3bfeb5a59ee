"""What the work with Bling keeps for itself: consents under way, who does what, and how often Bling was asked."""

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
    """Which work is being done, and until when nobody else takes it over."""

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
    """When Bling was asked for tokens: too often in a minute, and it closes the door for an hour."""

    list_display = ("at",)
    ordering = ("-id",)
    fields = ("at",)
    readonly_fields = fields
