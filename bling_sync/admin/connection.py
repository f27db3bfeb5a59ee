"""Connections: their company, their health, and what the merchant decides. No page shows a token."""

from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from bling_sync import account_setup
from bling_sync.housekeeping import warnings
from bling_sync.models import Connection, Mode, ModeReason
from bling_sync.outbox_backlog import waiting
from reservations.admin.base import ReadOnlyAdmin


@admin.register(Connection)
class ConnectionAdmin(ReadOnlyAdmin):
    """One row per shop; staff may change the mode and the brake."""

    list_display = ("of_shop", "company_name", "state", "mode", "answered_at", "imported_at", "last_error")
    list_select_related = ("shop",)
    list_filter = ("state", "mode")
    search_fields = ("shop__domain", "company_name", "=company_id")
    ordering = ("shop__domain",)
    readonly_fields = (
        *("shop", "state", "warnings", "waits", "company_id", "company_name", "mode_reason", "deposit_id"),
        *("deposit_name", "connected_at", "access_expires_at", "refresh_expires_at", "refresh_refused_at"),
        *("answered_at", "event_at", "imported_at", "all_read_at", "reading_paused_at", "wait_until", "last_error"),
    )
    fields = (*readonly_fields[:6], "mode", *readonly_fields[6:9], "brake_percent", *readonly_fields[9:])

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether this member of staff may change the mode and the brake."""
        return request.user.has_perm("bling_sync.change_connection")

    def save_model(self, request: HttpRequest, obj: Connection, form: ModelForm, change: Any) -> None:
        """Write only the fields that this form changed: workers write the rest of the row meanwhile."""
        if "mode" in form.changed_data:
            account_setup.set_mode(obj, Mode(obj.mode), ModeReason.MERCHANT)
        if "brake_percent" in form.changed_data:
            Connection.objects.filter(pk=obj.pk, shop_id=obj.shop_id).update(brake_percent=obj.brake_percent)

    @admin.display(description=_("warnings"))
    def warnings(self, known: Connection) -> str:
        """What the merchant should know."""
        return ", ".join(warnings(known)) or "-"

    @admin.display(description=_("waits"))
    def waits(self, known: Connection) -> str:
        """How many pushes wait, by reason."""
        kinds = waiting(known.shop_id).items()
        return ", ".join(f"{kind.count} {name}" for name, kind in kinds if kind.count) or "-"
