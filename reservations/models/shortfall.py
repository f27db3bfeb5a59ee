"""Units that a customer paid for and that do not exist."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from .shop import Shop
from .stock import StockItem


class ShortfallCause(models.TextChoices):
    """Where the units were when an order's payment found none free."""

    UNKNOWN = "", _("not noted")
    COUNTED_LOW = "counted_low", _("the count was below what was promised")
    HELD = "held", _("other carts held the last units")
    SOLD_OUT = "sold_out", _("all units were sold")


class Shortfall(models.Model):
    """The part of a paid order that found no free unit. It never enters the stock's numbers.

    It gets the next free units, the oldest payment (``paid_at``) first, until ``quantity`` is 0; or a person resolves
    it: ``resolved_at``, ``resolved_by`` and ``resolution`` say when, who and how. While ``kept_out_by`` names a person
    it gets none by itself.
    """

    shop = models.ForeignKey(
        Shop, models.PROTECT, related_name="shortfalls", db_index=False, db_constraint=False, verbose_name=_("shop")
    )
    stock_item = models.ForeignKey(
        StockItem, models.PROTECT, related_name="shortfalls", db_index=False, db_constraint=False, verbose_name="SKU"
    )
    order_id = models.CharField(_("order"), max_length=255)
    quantity = models.IntegerField(_("units missing"))
    created_at = models.DateTimeField(_("created at"))
    # The default is for the release before this column, while it still writes.
    paid_at = models.DateTimeField(_("paid at"), db_default=Now())
    kept_out_by = models.CharField(_("kept out by"), max_length=200, blank=True, default="", db_default="")
    cause = models.CharField(
        _("cause"), max_length=16, choices=ShortfallCause, blank=True, default="", db_default="", editable=False
    )
    resolved_at = models.DateTimeField(_("resolved at"), null=True, blank=True)
    resolved_by = models.CharField(_("resolved by"), max_length=200, blank=True, default="", db_default="")
    resolution = models.CharField(_("resolution"), max_length=255, blank=True, default="", db_default="")

    class Meta:
        verbose_name = _("shortfall")
        verbose_name_plural = _("shortfalls")
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "order_id", "stock_item"], name="shortfall_one_row_per_order_and_sku"
            ),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="shortfall_quantity_not_negative"),
            models.CheckConstraint(condition=~Q(order_id=""), name="shortfall_names_its_order"),
        ]
        indexes = [
            models.Index(fields=["shop", "stock_item"], name="shortfall_open", condition=Q(resolved_at=None)),
            # The order in which they get free units.
            models.Index(
                fields=["shop", "stock_item", "paid_at", "order_id"],
                name="shortfall_in_turn",
                condition=Q(resolved_at=None, quantity__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.quantity}"
