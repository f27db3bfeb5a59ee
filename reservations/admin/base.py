"""What the admin's lists and pages share."""

from typing import Any

import psycopg
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import OperationalError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from . import export, related
from .paginator import BoundedPaginator
from .seen_shops import narrowed


class BoundedAdmin(admin.ModelAdmin):
    """A list that stays quick however many rows there are, and downloads as CSV.

    Whoever looks sees the rows of their shops alone: lists, rows, histories, actions and CSV all begin with
    :meth:`get_queryset`.
    """

    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    list_max_show_all = 200
    # Columns of the CSV besides those that the list and the page show.
    exported_too: tuple[str, ...] = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The rows of the shops that this member of staff sees."""
        return narrowed(super().get_queryset(request), request.user)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A choice among the rows that this member of staff sees."""
        kwargs.setdefault("queryset", narrowed(db_field.related_model._default_manager.all(), request.user))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        """The usual pages, and the list as CSV."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        return [path("export/", self.admin_site.admin_view(self.export_view), name=name), *super().get_urls()]

    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        """Every row that the list shows with the same filters and search, as CSV."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            rows = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            return HttpResponseRedirect(f"{self._address('changelist')}?e=1")
        shown = [name for name in (*self.list_display, *(self.fields or ())) if isinstance(name, str)]
        columns = export.columns_of(self.model, shown, self.exported_too)
        return export.as_csv(rows, columns, str(self.opts.model_name))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The list, with a link to its CSV. When the database cannot order or count it in time, show the plain list."""
        query = request.GET.urlencode()
        context = {"export_url": self._address("export") + (f"?{query}" if query else "")}
        try:
            return super().changelist_view(request, {**context, **(extra_context or {})})
        except OperationalError as error:
            # The plain list runs along its index; if even that is too slow, sending the browser there again would loop.
            if not query or not isinstance(error.__cause__, psycopg.errors.QueryCanceled):
                raise
            self.message_user(request, _("That took too long: narrow the list further."), messages.ERROR)
            return HttpResponseRedirect(self._address("changelist"))

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any], *args: Any) -> Any:
        """Carry out the chosen action; a key that no row can have chooses nothing."""
        try:
            for key in request.POST.getlist(ACTION_CHECKBOX_NAME):
                self.opts.pk.to_python(key)
        except ValidationError:
            self.message_user(request, _("Choose rows of the list."), messages.WARNING)
            return HttpResponseRedirect(request.get_full_path())
        return super().response_action(request, queryset, *args)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        """The row, with the list's actions for this row alone."""
        row = kwargs.get("obj")
        if row is not None:
            context["row_actions"] = self.get_action_choices(request, default_choices=[])
            context["row_actions_url"] = self._address("changelist")
        return super().render_change_form(request, context, *args, **kwargs)

    def _address(self, page: str) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}")


class ReadOnlyAdmin(BoundedAdmin):
    """Rows that only the engine writes: an operator looks, and follows links to what they can do."""

    @admin.display(description=_("shop"), ordering="shop")
    def of_shop(self, row: Any) -> str:
        """The shop, without the ending that all domains share."""
        return str(row.shop.domain).removesuffix(".myshopify.com")

    @admin.display(description=_("see also"))
    def related(self, row: Any) -> SafeString:
        """Links to everything that has to do with the row."""
        return related.links_of(row)

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Nobody adds such a row by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody edits such a row by hand."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody deletes such a row by hand."""
        return False
