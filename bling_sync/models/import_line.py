"""What a run found out about one product."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reservations.models import Shop

from .import_run import ImportRun


class LineVerdict(models.TextChoices):
    """The SKU doctor's word on a product: the first three are taken, the others left out, each for its reason."""

    EXACT = "exact", _("SKU matches exactly")
    NEW = "new", _("new SKU: will be added")
    REPLACED = "replaced", _("its product has another SKU now: none are left of this one")
    SIMILAR = "similar", _("differs only in case or spaces")
    BLANK = "blank", _("has no SKU in Bling")
    UNFIT = "unfit", _("cannot be a SKU")
    DUPLICATE = "duplicate", _("SKU occurs more than once in Bling")
    RENAMED = "renamed", _("has another SKU in Bling than when it was taken")
    MISSING = "missing", _("is not in Bling")
    KIT = "kit", _("kit: its balance comes from its parts")
    LOT = "lot", _("kept by lots")
    FRACTIONAL = "fractional", _("balance is not whole")
    PARENT = "parent", _("has variations and no stock of its own")
    SERVICE = "service", _("not a product")
    UNREAD = "unread", _("Bling did not tell its balance")
    # Only while products are read: it keeps a rehearsal's line of the product from being taken over.
    GONE = "gone", _("is no longer active in Bling")


TAKEN = (LineVerdict.EXACT, LineVerdict.NEW, LineVerdict.REPLACED)


class ImportLine(models.Model):
    """One product of a run (or, with no `bling_id`, one SKU of ours that Bling does not have).

    `before` is `on_hand` in units when the run compared or applied, None for a SKU that was not there.
    """

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+", db_index=False, verbose_name=_("shop"))
    run = models.ForeignKey(
        ImportRun, models.CASCADE, related_name="lines", db_index=False, db_constraint=False, verbose_name=_("import")
    )
    bling_id = models.BigIntegerField(_("Bling's id"), null=True, blank=True)
    sku = models.CharField("SKU", max_length=1000, blank=True, default="")
    name = models.CharField(_("name"), max_length=255, blank=True, default="")
    price = models.DecimalField(_("price"), max_digits=16, decimal_places=4, default=0)
    format = models.CharField(_("format"), max_length=4, blank=True, default="")
    # Empty: nothing speaks against it so far.
    verdict = models.CharField(_("verdict"), max_length=12, choices=LineVerdict, blank=True, default="")
    resembles = models.CharField(_("resembles"), max_length=255, blank=True, default="")
    lots_checked = models.BooleanField(default=False)
    physical = models.DecimalField(_("physical balance"), max_digits=16, decimal_places=4, null=True, blank=True)
    virtual = models.DecimalField(_("virtual balance"), max_digits=16, decimal_places=4, null=True, blank=True)
    read_started_at = models.DateTimeField(_("read at"), null=True, blank=True)
    before = models.IntegerField(_("on hand before"), null=True, blank=True)
    after = models.IntegerField(_("on hand after"), null=True, blank=True)
    applied_at = models.DateTimeField(_("applied at"), null=True, blank=True)

    class Meta:
        verbose_name = _("import line")
        verbose_name_plural = _("import lines")
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "run", "bling_id"],
                condition=Q(bling_id__isnull=False),
                name="bling_import_line_once",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "run", "verdict", "id"], name="bling_import_line_by_verdict"),
            models.Index(fields=["shop", "run", "sku"], name="bling_import_line_by_sku"),
        ]

    def __str__(self) -> str:
        return self.sku or str(self.bling_id)
