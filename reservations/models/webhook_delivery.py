"""The inbox of Shopify's webhooks."""

from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, Left
from django.utils.translation import gettext_lazy as _

from .shop import Shop

# What a delivery is about: the number of its order or product, or the token of its cart; cut, so that any text fits
# into an index.
SUBJECT_LENGTH = 64
SUBJECT = Left(
    Coalesce(KT("payload__order_id"), KT("payload__order_edit__order_id"), KT("payload__id")), SUBJECT_LENGTH
)


class DeliveryStatus(models.TextChoices):
    """What became of a delivery."""

    PENDING = "pending", _("pending")  # -> applied | ignored | parked
    APPLIED = "applied", _("applied")
    IGNORED = "ignored", _("ignored")  # nothing was to be done: late, an echo, or of no interest
    PARKED = "parked", _("parked")  # -> pending, when a person replays it


class WebhookDelivery(models.Model):
    """One delivery, stored before we answer it; ``webhook_id`` is the same in every retry of it.

    ``payload`` has only the members that a handler reads: we never store a name, address, e-mail or phone number.
    ``conflicts`` counts deliveries that came under the same id with another body; we never apply those.
    """

    shop = models.ForeignKey(
        Shop, models.PROTECT, related_name="webhook_deliveries", db_index=False, verbose_name=_("shop")
    )
    webhook_id = models.CharField(_("delivery"), max_length=255)
    event_id = models.CharField(_("event"), max_length=255, blank=True, default="")
    topic = models.CharField(_("topic"), max_length=100)
    triggered_at = models.DateTimeField(_("triggered at"), null=True, blank=True)
    received_at = models.DateTimeField(_("received at"))
    digest = models.BinaryField(max_length=32)
    payload = models.JSONField(_("payload"), null=True)
    status = models.CharField(_("status"), max_length=16, choices=DeliveryStatus, default=DeliveryStatus.PENDING)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt at"))
    error = models.TextField(_("error"), blank=True, default="")
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    conflicts = models.PositiveIntegerField(_("same id, other body"), default=0)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        constraints = [
            models.UniqueConstraint(fields=["shop", "webhook_id"], name="delivery_one_row_per_webhook"),
            models.CheckConstraint(condition=Q(status__in=DeliveryStatus.values), name="delivery_status_known"),
        ]
        indexes = [
            # For the sweep: what is due, shop by shop.
            models.Index(fields=["shop", "next_attempt_at"], name="delivery_due", condition=Q(status="pending")),
            # The same without the catalogue's, however many of those wait.
            models.Index(
                fields=["shop", "next_attempt_at"],
                name="delivery_due_stock",
                condition=Q(status="pending") & ~Q(topic__startswith="products/") & ~Q(topic__startswith="inventory"),
            ),
            models.Index(fields=["shop", "received_at"], name="delivery_by_age"),
            models.Index(fields=["shop", "topic", "received_at"], name="delivery_by_topic"),
            # For the admin's search by what a person has at hand: an order, a cart, or the event that Shopify shows.
            models.Index("shop", SUBJECT, name="delivery_by_subject"),
            models.Index(fields=["shop", "event_id"], name="delivery_by_event", condition=~Q(event_id="")),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.webhook_id}"
