"""Signs of life: when each part of the service was last seen at work."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from reservations.models import Heartbeat

from .base import ReadOnlyAdmin
from .cell_links import moment


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnlyAdmin):
    """The last sign of life of each part."""

    list_display = ("name", "last")
    ordering = ("name",)
    fields = ("name", "last")
    readonly_fields = fields
    exported_too = ("at",)

    @admin.display(description=_("at"), ordering="at")
    def last(self, row: Heartbeat) -> str:
        """The moment to the second: an operator wants to know how long ago."""
        return moment(row.at)
