"""A run that brings Bling's products and quantities in."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reservations.models import Shop


class RunState(models.TextChoices):
    """A run's life. One at a time per shop is running."""

    RUNNING = "running", _("running")  # -> rehearsed | braked | applied | cancelled | failed
    REHEARSED = "rehearsed", _("dry run finished")  # nothing was written; the end
    BRAKED = "braked", _("stopped at the brake")  # asks; a new run with consent takes its place
    APPLIED = "applied", _("applied")  # -> undone
    CANCELLED = "cancelled", _("cancelled")  # each figure written until then stands -> undone, if any was
    UNDONE = "undone", _("undone")  # the end
    FAILED = "failed", _("failed")  # the error says why; the end


class Phase(models.TextChoices):
    """How far a running run is: each phase can be taken up again where it was left."""

    PRODUCTS = "products", _("reading products")
    KITS = "kits", _("looking into kits")
    LOTS = "lots", _("looking for lots")
    BALANCES = "balances", _("reading balances")
    JUDGE = "judge", _("comparing")
    APPLY = "apply", _("applying")


class ImportRun(models.Model):
    """One import, or its rehearsal. `page` is the next page of products; the counters are what a person watches."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+", db_index=False, verbose_name=_("shop"))
    dry_run = models.BooleanField(_("dry run"), default=False)
    # The merchant has seen what the brake would ask about.
    consent = models.BooleanField(_("brake released"), default=False)
    state = models.CharField(_("state"), max_length=12, choices=RunState, default=RunState.RUNNING)
    phase = models.CharField(_("phase"), max_length=12, choices=Phase, default=Phase.PRODUCTS)
    page = models.PositiveIntegerField(_("next page"), default=1)
    # Products are listed three times: all, those with nothing, those below nothing. An account may hide the latter two.
    listing = models.PositiveSmallIntegerField(default=0)
    # The rehearsal whose products it takes over: it lists only those that have changed since.
    based_on = models.ForeignKey(
        "self",
        models.DO_NOTHING,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
        db_constraint=False,
        verbose_name=_("goes on from the dry run"),
    )
    read = models.PositiveIntegerField(_("products read"), default=0)
    balanced = models.PositiveIntegerField(_("balances read"), default=0)
    applied = models.PositiveIntegerField(_("figures applied"), default=0)
    changed = models.PositiveIntegerField(_("figures changed"), default=0)
    units_before = models.BigIntegerField(_("units before"), null=True, blank=True)
    units_cut = models.BigIntegerField(_("units that it cuts"), null=True, blank=True)
    # SKUs that had any units, and those of them that it empties.
    stocked = models.PositiveIntegerField(_("SKUs with units before"), null=True, blank=True)
    emptied = models.PositiveIntegerField(_("SKUs that it empties"), null=True, blank=True)
    # What it has cost so far: calls to Bling with their waiting for a turn, and the writing of figures.
    calls = models.PositiveIntegerField(_("calls to Bling"), default=0, db_default=0)
    call_seconds = models.FloatField(default=0, db_default=0)
    apply_seconds = models.FloatField(default=0, db_default=0)
    error = models.CharField(_("error"), max_length=500, blank=True, default="")
    started_at = models.DateTimeField(_("started at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    # The merchant asks for its end; the worker obeys between two calls or two batches.
    cancel_asked_at = models.DateTimeField(_("cancelling asked for at"), null=True, blank=True)
    # The merchant asks for its undoing; a worker does it.
    undo_asked_at = models.DateTimeField(_("undoing asked for at"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints = [
            models.UniqueConstraint(
                fields=["shop"], condition=Q(state="running"), name="bling_import_one_running_per_shop"
            ),
            models.CheckConstraint(condition=Q(state__in=RunState.values), name="bling_import_state_known"),
        ]
        indexes = [models.Index(fields=["shop", "-id"], name="bling_import_newest")]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.started_at:%Y-%m-%d %H:%M}"

    @property
    def reference(self) -> str:
        """How the ledger names its counts."""
        return f"bling import {self.pk}"

    @property
    def undo_reference(self) -> str:
        """How the ledger names their undoing."""
        return f"bling import {self.pk} undone"
