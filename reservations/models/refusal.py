"""Counts of the buyers who asked for units and were turned away."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .shop import Shop
from .stock import StockItem


class RefusalReason(models.TextChoices):
    """Why we refused a reserve; the values are the error codes of the answer."""

    OUT_OF_STOCK = "out_of_stock", _("out of stock")
    CART_LIMIT = "cart_limit_exceeded", _("limit of a cart")
    HOLD_LIMIT = "hold_limit_reached", _("limit of unpaid holds")


class Refusal(models.Model):
    """The refused reserves of one SKU, for one reason, within one minute. A row names no buyer.

    :mod:`reservations.turned_away` writes it a moment after the answers, so a killed process takes its last seconds of
    counts with it: these figures are to learn from, and the proof is the ledger. ``available`` and ``next_release`` are
    what the last refusal said (null where the cart's limit stood in the way); ``most_units`` is that limit. Where a
    shopper held too much unpaid, ``available`` is what it could have had.
    """

    shop = models.ForeignKey(
        Shop, models.PROTECT, related_name="refusals", db_index=False, db_constraint=False, verbose_name=_("shop")
    )
    # No foreign key in the database: its check would lock the very row that a flash sale is about.
    stock_item = models.ForeignKey(
        StockItem, models.PROTECT, related_name="refusals", db_index=False, db_constraint=False, verbose_name="SKU"
    )
    reason = models.CharField(_("reason"), max_length=32, choices=RefusalReason)
    minute = models.DateTimeField(_("minute"))
    refusals = models.BigIntegerField(_("refusals"))
    units = models.BigIntegerField(_("units asked for"))
    available = models.IntegerField(_("available at the last"), null=True, blank=True)
    next_release = models.DateTimeField(_("next release"), null=True, blank=True)
    most_units = models.IntegerField(_("most units of a cart"), null=True, blank=True)
    last_at = models.DateTimeField(_("last refused"))

    class Meta:
        verbose_name = _("refusal")
        verbose_name_plural = _("refusals")
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "stock_item", "minute", "reason"], name="refusal_one_row_per_minute_and_reason"
            ),
            models.CheckConstraint(condition=Q(reason__in=RefusalReason.values), name="refusal_reason_known"),
            models.CheckConstraint(condition=Q(refusals__gte=1, units__gte=1), name="refusal_counts_something"),
        ]
        indexes = [models.Index(fields=["shop", "minute"], name="refusal_by_age")]

    def __str__(self) -> str:
        return f"{self.stock_item_id}: {self.refusals} {self.reason}"
