"""Links between variants at Shopify and SKUs."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .shop import Shop


class SkuLink(models.Model):
    """A variant of the shop's catalogue with the SKU that it carries, exactly as written there.

    Several variants may carry one SKU, and a SKU may have no stock item: the merchant sees both. One inventory item may
    back several variants. ``sku_since`` is when we first saw the variant with this SKU; None for links from before we
    noted that, which may be of any age.
    """

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="sku_links", db_index=False, verbose_name=_("shop"))
    variant_id = models.BigIntegerField(_("variant"))
    product_id = models.BigIntegerField(_("product"), null=True, blank=True)
    inventory_item_id = models.BigIntegerField(_("inventory item"), null=True, blank=True)
    sku = models.CharField("SKU", max_length=255, blank=True, default="")
    tracked = models.BooleanField(_("tracked by Shopify"), default=True)
    synced_at = models.DateTimeField(_("as of"))
    sku_since = models.DateTimeField(_("has this SKU since"), null=True, blank=True)

    class Meta:
        verbose_name = _("SKU link")
        verbose_name_plural = _("SKU links")
        constraints = [models.UniqueConstraint(fields=["shop", "variant_id"], name="skulink_one_row_per_variant")]
        indexes = [
            models.Index(fields=["shop", "sku"], name="skulink_by_sku"),
            models.Index(fields=["shop", "product_id"], name="skulink_by_product"),
            models.Index(fields=["shop", "inventory_item_id"], name="skulink_by_inventory_item"),
        ]

    def __str__(self) -> str:
        return f"{self.sku} = {self.variant_id}"
