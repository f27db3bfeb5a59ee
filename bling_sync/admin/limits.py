"""How often we call Bling: the pace while Redis is away, and the calls to its token address."""

from django.contrib import admin

from bling_sync.models import RequestSlot, TokenCall
from reservations.admin.base import ReadOnlyAdmin


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
