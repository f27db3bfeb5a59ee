"""What Bling told us by itself."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reservations.models import Shop


class WebhookEvent(models.Model):
    """An event by its id, reduced to what is used: it says that something changed, and never what the figure is now.

    Of a stock event the operation and the units are kept too: they are the only trace of a call whose answer was lost.
    `claimed_by` is the push (by its id) whose echo it is.
    """

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+", db_index=False, verbose_name=_("shop"))
    event_id = models.CharField(_("event id"), max_length=100)
    event = models.CharField(_("event"), max_length=64)
    happened_at = models.DateTimeField(_("happened at"), null=True, blank=True)
    received_at = models.DateTimeField(_("received at"))
    processed_at = models.DateTimeField(_("processed at"), null=True, blank=True)

    product_id = models.BigIntegerField(_("product"), null=True, blank=True)
    deposit_id = models.BigIntegerField(_("deposit"), null=True, blank=True)
    operation = models.CharField(_("operation"), max_length=1, blank=True, default="")
    quantity = models.DecimalField(_("units"), max_digits=16, decimal_places=4, null=True, blank=True)
    bling_order_id = models.BigIntegerField(_("order in Bling"), null=True, blank=True)
    store_number = models.CharField(_("number at the channel"), max_length=255, blank=True, default="")
    situation = models.SmallIntegerField(_("situação"), null=True, blank=True)
    claimed_by = models.BigIntegerField(_("echo of push"), null=True, blank=True)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        constraints = [models.UniqueConstraint(fields=["shop", "event_id"], name="bling_webhook_once")]
        indexes = [
            models.Index(fields=["shop", "id"], name="bling_webhook_new", condition=Q(processed_at__isnull=True)),
            models.Index(
                fields=["shop", "product_id", "received_at"],
                name="bling_webhook_of_product",
                condition=Q(product_id__isnull=False),
            ),
            models.Index(fields=["shop", "received_at"], name="bling_webhook_by_age"),
            # What a person has at hand: the order's number at the channel.
            models.Index(fields=["shop", "store_number"], name="bling_webhook_of_order", condition=~Q(store_number="")),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.event_id}"
