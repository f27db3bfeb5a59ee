"""What the admin's lists have in common."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from .paginator import BoundedPaginator


class BoundedAdmin(admin.ModelAdmin):
    """A list that stays quick however many rows there are."""

    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    list_max_show_all = 200


class ReadOnlyAdmin(BoundedAdmin):
    """Rows that only the engine writes: to be looked at, with links to what can be done."""

    @admin.display(description=_("shop"), ordering="shop")
    def of_shop(self, row: Any) -> str:
        """The shop, without what all domains have in common."""
        return str(row.shop.domain).removesuffix(".myshopify.com")

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Nobody adds such a row by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody edits such a row by hand."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody deletes such a row by hand."""
        return False
