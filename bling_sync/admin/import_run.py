"""Imports and rehearsals: their figures, their lines as CSV, and the way back."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bling_sync.catalogue import run_report
from bling_sync.catalogue.undo_run import NotUndoable, undo
from bling_sync.models import ImportRun
from reservations import engine
from reservations.admin import confirmation
from reservations.admin.base import ReadOnlyAdmin
from reservations.admin.cell_links import moment
from reservations.admin.filters import ShopFilter


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnlyAdmin):
    """Runs, newest first."""

    list_display = ("started_at", "state", "phase", "dry_run", "read", "applied", "changed", "ended_at", "of_shop")
    list_select_related = ("shop",)
    list_filter = ("state", "dry_run", ShopFilter)
    ordering = ("-id",)
    fields = (
        *("shop", "state", "phase", "dry_run", "consent", "doctor", "read", "balanced", "applied", "changed"),
        *("units_before", "units_cut", "based_on", "calls", "error", "started_at", "ended_at", "cancel_asked_at"),
        *("undone_at", "related"),
    )
    readonly_fields = fields
    actions = ("as_csv", "undo")

    def has_undo_permission(self, request: HttpRequest) -> bool:
        """Whether this member of staff may undo an import."""
        return request.user.has_perm("bling_sync.change_importrun")

    @admin.display(description=gettext_lazy("SKU doctor"))
    def doctor(self, run: ImportRun) -> str:
        """How many products got each verdict."""
        return "; ".join(f"{number} {verdict.label}" for verdict, number in run_report.counts(run).items()) or "-"

    @admin.action(description=gettext_lazy("Every product and its verdict, as CSV"), permissions=["view"])
    def as_csv(self, request: HttpRequest, queryset: QuerySet[ImportRun]) -> HttpResponse | None:
        """The lines of the newest chosen run."""
        run = queryset.order_by("-pk").first()
        if run is None:
            return None
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="bling-import-{run.pk}.csv"'
        run_report.write_csv(run, response)  # type: ignore[arg-type]  # it writes text, as csv needs
        return response

    @admin.action(description=gettext_lazy("Undo this import"), permissions=["undo"])
    def undo(self, request: HttpRequest, queryset: QuerySet[ImportRun]) -> HttpResponse | None:
        """Ask, then undo what the newest chosen run counted; readings pause."""
        run = queryset.select_related("shop").order_by("-pk").first()
        if run is None:
            return None
        if not confirmation.is_confirmed(request):
            question = _("Each SKU that this import counted is as before it; later sales stand. Readings pause.")
            rows = [(run.pk, f"{run.shop} · {moment(run.started_at)} · {run.get_state_display()}")]
            return confirmation.ask(
                self, request, action="undo", question=question, button=_("Undo this import"), rows=rows
            )
        try:
            undone = undo(run)
        except (NotUndoable, engine.EngineError) as error:
            self.message_user(request, str(error), messages.ERROR)
            return None
        text = _("%(count)d SKUs are as before. Readings pause until the next import is applied.")
        self.message_user(request, text % {"count": undone}, messages.SUCCESS)
        self.log_change(request, run, text % {"count": undone})
        return None
