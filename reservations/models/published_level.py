"""What Shopify's inventory shows, where we publish it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .shop import Shop


class PublishedLevel(models.Model):
    """The ``available`` of an inventory item at the shop's chosen location.

    ``seen`` is what Shopify last said, in units (None: unknown). We store a write with its idempotency key, its
    quantity and the quantity that it replaces before we send it, and send it again exactly so until Shopify answers.
    ``claimed_until`` is the end of the lease of whoever writes the level.
    """

    shop = models.ForeignKey(
        Shop, models.PROTECT, related_name="published_levels", db_index=False, verbose_name=_("shop")
    )
    inventory_item_id = models.BigIntegerField(_("inventory item"))
    location_id = models.BigIntegerField(_("location"))
    seen = models.IntegerField(_("units at Shopify"), null=True, blank=True)
    seen_at = models.DateTimeField(_("as of"), null=True, blank=True)
    pending_key = models.UUIDField(editable=False, null=True)
    pending_quantity = models.IntegerField(editable=False, null=True)
    pending_from = models.IntegerField(editable=False, null=True)
    claimed_until = models.DateTimeField(editable=False, null=True)
    retry_at = models.DateTimeField(_("next attempt at"), null=True, blank=True)
    failures = models.PositiveIntegerField(_("failures"), default=0)
    problem = models.CharField(_("problem"), max_length=255, blank=True, default="")

    class Meta:
        verbose_name = _("published level")
        verbose_name_plural = _("published levels")
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "inventory_item_id", "location_id"], name="publishedlevel_one_row_per_level"
            )
        ]

    def __str__(self) -> str:
        return f"{self.inventory_item_id}@{self.location_id}: {self.seen}"
