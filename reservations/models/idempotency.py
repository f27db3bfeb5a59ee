"""First answers, which we keep so that a retry gets the same one."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .shop import Shop


class IdempotencyRecord(models.Model):
    """The answer to a credential's idempotency key, written in the transaction of its effect."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+", db_index=False, verbose_name=_("shop"))
    credential = models.CharField(_("credential"), max_length=100)
    key = models.CharField(_("key"), max_length=255)
    fingerprint = models.BinaryField(_("fingerprint"), max_length=32)
    status = models.SmallIntegerField(_("status"))
    body = models.BinaryField(_("body"))
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("idempotency record")
        verbose_name_plural = _("idempotency records")
        constraints = [models.UniqueConstraint(fields=["shop", "credential", "key"], name="idempotency_key_once")]
        indexes = [models.Index(fields=["shop", "created_at"], name="idempotency_by_age")]

    def __str__(self) -> str:
        return self.key
