"""What an import found about each product."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from bling_sync.models import ImportLine
from reservations.admin.base import ReadOnlyAdmin
from reservations.admin.cell_links import link
from reservations.admin.filters import ShopFilter
from reservations.admin.seen_shops import seen_by


@admin.register(ImportLine)
class ImportLineAdmin(ReadOnlyAdmin):
    """Lines of all runs, newest first; a run's page links to its own lines."""

    list_display = ("sku", "name", "verdict", "before", "after", "virtual", "applied_at", "of_run", "of_shop")
    list_select_related = ("shop", "run")
    list_filter = ("verdict", ShopFilter)
    search_fields = ("sku",)
    search_help_text = _("A SKU or its beginning.")
    ordering = ("-id",)
    fields = (
        *("sku", "name", "shop", "of_run", "bling_id", "format", "price", "verdict", "resembles", "physical"),
        *("virtual", "read_started_at", "before", "after", "applied_at", "related"),
    )
    readonly_fields = fields
    exported_too = ("run",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Lines by SKU."""
        term = search_term.strip()
        named = {"sku__startswith": term, "shop__in": seen_by(request.user)}
        return (queryset.filter(**named) if term else queryset), False

    @admin.display(description=_("import"), ordering="run")
    def of_run(self, line: ImportLine) -> SafeString:
        """The run that it belongs to."""
        return link("bling_sync_importrun_change", line.run_id, line.run_id)
