"""Units that a customer paid for and that do not exist."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .shop import Shop
from .stock import StockItem


class Shortfall(models.Model):
    """The part of a paid order that found no free unit. It never enters the stock's numbers; a person resolves it.

    ``resolved_at``, ``resolved_by`` and ``resolution`` say when, who and how. Units found later close it too: then
    ``quantity`` is 0.
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
        indexes = [models.Index(fields=["shop", "stock_item"], name="shortfall_open", condition=Q(resolved_at=None))]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.quantity}"
