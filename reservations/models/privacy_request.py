"""Shopify's requests in a customer's or a merchant's name: export and erasure."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .shop import Shop


class PrivacyRequestKind(models.TextChoices):
    """Shopify's three compliance topics."""

    EXPORT = "export", _("export of a customer's data")
    CUSTOMER_ERASURE = "customer", _("erasure of a customer's data")
    SHOP_ERASURE = "shop", _("erasure of the shop's data")


class PrivacyRequest(models.Model):
    """A request and how we fulfilled it. It stores no e-mail address, no phone number and no name.

    ``export`` is what the merchant hands to the customer: what we store about the orders that Shopify named.
    """

    shop = models.ForeignKey(
        Shop, models.PROTECT, related_name="privacy_requests", db_index=False, verbose_name=_("shop")
    )
    kind = models.CharField(_("kind"), max_length=16, choices=PrivacyRequestKind)
    reference = models.CharField(_("Shopify's reference"), max_length=255, blank=True, default="")
    export = models.JSONField(_("export"), null=True, blank=True)
    erased = models.PositiveIntegerField(_("rows erased"), default=0)
    fulfilled_at = models.DateTimeField(_("fulfilled at"))

    class Meta:
        verbose_name = _("privacy request")
        verbose_name_plural = _("privacy requests")
        constraints = [
            models.UniqueConstraint(fields=["shop", "kind", "reference"], name="privacyrequest_once"),
            models.CheckConstraint(condition=Q(kind__in=PrivacyRequestKind.values), name="privacyrequest_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"
