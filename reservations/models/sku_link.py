"""Links between variants at Shopify and SKUs."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .shop import Shop

# Shopify has not told us yet whether the variant sells without stock.
UNTOLD = Q(tracked_at=None) | Q(policy_at=None)


class SkuLink(models.Model):
    """A variant of the shop's catalogue with the SKU that it carries, exactly as written there.

    Several variants may carry one SKU, and a SKU may have no stock item: the merchant sees both. One inventory item may
    back several variants. ``sku_since`` is when we first saw the variant with this SKU; None for links from before we
    noted that, which may be of any age.

    A variant that continues selling, or whose units Shopify does not track, sells without stock. Each webhook tells
    only one of the two, so each has its own age; without an age we were never told, and the value says nothing.
    """

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="sku_links", db_index=False, verbose_name=_("shop"))
    variant_id = models.BigIntegerField(_("variant"))
    product_id = models.BigIntegerField(_("product"), null=True, blank=True)
    inventory_item_id = models.BigIntegerField(_("inventory item"), null=True, blank=True)
    sku = models.CharField("SKU", max_length=255, blank=True, default="")
    tracked = models.BooleanField(_("tracked by Shopify"), default=True)
    tracked_at = models.DateTimeField(_("tracking told as of"), null=True, blank=True)
    continues_selling = models.BooleanField(_("continues selling when out of stock"), default=False, db_default=False)
    policy_at = models.DateTimeField(_("policy told as of"), null=True, blank=True)
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
            # Empty but for a moment: whoever finds a row here asks Shopify.
            models.Index(fields=["shop"], name="skulink_untold", condition=UNTOLD),
        ]

    def __str__(self) -> str:
        return f"{self.sku} = {self.variant_id}"
