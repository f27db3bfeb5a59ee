"""What we last told the checkout's validation about a variant."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .shop import Shop


class VariantGuard(models.Model):
    """The guard metafield of a variant as we last wrote it to Shopify; empty when we cleared it.

    We write it anew when the stock's ledger has gone beyond ``ledger_position`` or ``next_expiry`` has passed. The
    writer has a lease on the row until ``claimed_until``, so two writers never race for one variant. ``title`` is the
    product's, as Shopify answered the last write.
    """

    shop = models.ForeignKey(
        Shop, models.PROTECT, related_name="variant_guards", db_index=False, verbose_name=_("shop")
    )
    variant_id = models.BigIntegerField(_("variant"))
    value = models.TextField(_("value"), blank=True, default="")
    title = models.CharField(_("title"), max_length=255, blank=True, default="", db_default="")
    # No foreign key: a variant may move to another SKU, and until we write again Shopify still shows the first one's.
    stock_item_id = models.BigIntegerField(null=True, editable=False)
    ledger_position = models.BigIntegerField(_("ledger position"), default=0)
    next_expiry = models.DateTimeField(_("next expiry"), null=True, blank=True)
    written_at = models.DateTimeField(_("written at"), null=True, blank=True)
    claimed_until = models.DateTimeField(editable=False, null=True)
    retry_at = models.DateTimeField(_("next attempt at"), null=True, blank=True)
    failures = models.PositiveIntegerField(_("failures"), default=0)
    problem = models.CharField(_("problem"), max_length=255, blank=True, default="")

    class Meta:
        verbose_name = _("guard of a variant")
        verbose_name_plural = _("guards of variants")
        constraints = [models.UniqueConstraint(fields=["shop", "variant_id"], name="variantguard_one_row_per_variant")]

    def __str__(self) -> str:
        return str(self.variant_id)
