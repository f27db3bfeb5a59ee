"""The first answers that the API keeps for retries with the same Idempotency-Key."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from reservations.models import IdempotencyRecord

from . import search
from .base import ReadOnlyAdmin
from .filters import ShopFilter
from .seen_shops import seen_by

MOST_SHOWN = 4_000


@admin.register(IdempotencyRecord)
class IdempotencyRecordAdmin(ReadOnlyAdmin):
    """First answers, newest first: what a retry with the same key gets."""

    list_display = ("key", "status", "credential", "created_at", "of_shop")
    list_select_related = ("shop",)
    list_filter = ("status", ShopFilter)
    search_fields = ("key",)
    search_help_text = _("An Idempotency-Key, whole.")
    ordering = ("-id",)
    fields = ("key", "shop", "credential", "status", "answer", "created_at")
    readonly_fields = fields

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """The answers to that key, in every shop."""
        return search.exactly(queryset, search_term, seen_by(request.user), "key"), False

    @admin.display(description=_("answer"))
    def answer(self, row: IdempotencyRecord) -> str:
        """The body as the client got it."""
        return bytes(row.body).decode(errors="replace")[:MOST_SHOWN]
