"""A product of Bling that feeds one SKU of ours."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from reservations.models import Shop, StockItem


class Product(models.Model):
    """The link between a Bling product and a stock item, and what Bling last said of it.

    `bling_id` is what never changes; `sku` (Bling's `codigo`) is a label. `physical` and `virtual` are the balances of
    the connection's deposit as read by the request that began at `read_started_at`.
    """

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+", db_index=False, verbose_name=_("shop"))
    bling_id = models.BigIntegerField(_("Bling's id"))
    # None: its SKU went to another product of Bling's.
    stock_item = models.ForeignKey(
        StockItem,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
        db_constraint=False,
        verbose_name="SKU",
    )
    sku = models.CharField("SKU", max_length=255)
    name = models.CharField(_("name"), max_length=255, blank=True, default="")
    price = models.DecimalField(_("price"), max_digits=16, decimal_places=4, default=0)

    physical = models.DecimalField(_("physical balance"), max_digits=16, decimal_places=4, null=True, blank=True)
    virtual = models.DecimalField(_("virtual balance"), max_digits=16, decimal_places=4, null=True, blank=True)
    read_started_at = models.DateTimeField(_("read at"), null=True, blank=True)
    read_ended_at = models.DateTimeField(null=True, blank=True)
    # Bling left it out of an answer: unknown, never zero.
    missing_since = models.DateTimeField(_("missing since"), null=True, blank=True)

    # When the next reading is wanted; None: with the next round over all products.
    read_due_at = models.DateTimeField(_("next reading due at"), null=True, blank=True)
    # Something moved in Bling at this time, so a reading that began within the grace time may not show it yet.
    changed_at = models.DateTimeField(null=True, blank=True)

    # The last reading that no push of ours could blur: what the arithmetic of a lost answer starts from.
    anchor_physical = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    anchor_at = models.DateTimeField(null=True, blank=True)

    # The base: what Bling would show if nothing had happened since but the pushes that are surely in it. It is the last
    # reading of which we know what it shows (`base_at`), less the pushes that must show since then by their age.
    base_virtual = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    base_physical = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    base_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    # Units that others took: seen in the balances since that moment, and by the last reading that became the base.
    others_since = models.DateTimeField(null=True, blank=True)
    others_seen = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    others_virtual = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    others_physical = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    # The first reading since the base that did not decide.
    undecided_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        constraints = [
            models.UniqueConstraint(fields=["shop", "bling_id"], name="bling_product_one_row_per_id"),
            models.UniqueConstraint(fields=["shop", "stock_item"], name="bling_product_one_per_stockitem"),
        ]
        indexes = [
            models.Index(
                fields=["shop", "read_due_at"], name="bling_product_due", condition=models.Q(read_due_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.sku
