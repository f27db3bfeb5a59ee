"""Where Bling's figure is not what ours had led us to expect."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reservations.models import Shop, StockItem


class Cause(models.TextChoices):
    """Why; the merchant reads a cause, not a riddle."""

    IN_FLIGHT = "in_flight", _("our own sales, on their way")
    EDITED = "edited", _("edited in Bling")
    OTHER_CHANNEL = "other_channel", _("sold in another channel")
    CANCELLED = "cancelled", _("cancelled in Bling")
    UNKNOWN = "unknown", _("unknown")


class Difference(models.Model):
    """One difference, in units of the virtual balance: `bling` was read where `expected` was expected.

    `short` is the shortfall in units: how far below zero `available` was afterwards. A difference that passes by itself
    (our own sales on their way) is resolved by the first reading without it.
    """

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+", db_index=False, verbose_name=_("shop"))
    stock_item = models.ForeignKey(
        StockItem, models.PROTECT, related_name="+", db_index=False, db_constraint=False, verbose_name="SKU"
    )
    cause = models.CharField(_("cause"), max_length=16, choices=Cause)
    expected = models.DecimalField(_("expected"), max_digits=16, decimal_places=4)
    bling = models.DecimalField(_("Bling's figure"), max_digits=16, decimal_places=4)
    short = models.IntegerField(_("units short"), default=0)
    seen_at = models.DateTimeField(_("seen at"))
    resolved_at = models.DateTimeField(_("resolved at"), null=True, blank=True)

    class Meta:
        verbose_name = _("difference")
        verbose_name_plural = _("differences")
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "stock_item"],
                condition=Q(cause="in_flight", resolved_at__isnull=True),
                name="bling_difference_one_in_flight",
            ),
            models.CheckConstraint(condition=Q(cause__in=Cause.values), name="bling_difference_cause_known"),
        ]
        indexes = [
            models.Index(fields=["shop", "-seen_at"], name="bling_difference_newest"),
            models.Index(fields=["shop", "stock_item", "-seen_at"], name="bling_difference_of_item"),
        ]

    def __str__(self) -> str:
        return f"{self.bling - self.expected:+} ({self.get_cause_display()})"
