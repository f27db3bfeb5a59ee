"""Filters for Bling's lists, each along an index that the table has."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from reservations.admin.filters import Choices


class ProcessedFilter(admin.SimpleListFilter):
    """Splits events into those that a worker has processed and those that wait."""

    title = _("processed")
    parameter_name = "processed"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> Choices:
        """Yes or no."""
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow the list to the chosen half."""
        if self.value() not in ("yes", "no"):
            return queryset
        return queryset.filter(processed_at__isnull=self.value() == "no")
