"""What Bling's lists can be narrowed to, along the indexes that there are."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from reservations.admin.filters import Choices


class ProcessedFilter(admin.SimpleListFilter):
    """Events whose consequences were drawn, and those that wait."""

    title = _("processed")
    parameter_name = "processed"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> Choices:
        """Yes or no."""
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The events."""
        if self.value() not in ("yes", "no"):
            return queryset
        return queryset.filter(processed_at__isnull=self.value() == "no")
