"""What somebody held of one SKU lately, and did not pay."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .shop import Shop


class Cooldown(models.Model):
    """A customer, an address or a cart held units of one SKU and paid nothing: how long in all, and until when.

    ``key`` is a keyed hash of one of the three, and of the SKU (:mod:`reservations.engine.book.holder`); it names
    nobody. ``units`` are those of the holds that ended last. A payment deletes the row. An hour after ``ended_at``
    it means nothing any more, and :mod:`reservations.retention` deletes it.
    """

    shop = models.ForeignKey(
        Shop, models.PROTECT, related_name="+", db_index=False, db_constraint=False, verbose_name=_("shop")
    )
    key = models.BigIntegerField(_("key"))
    held_seconds = models.FloatField(_("held (seconds)"))
    units = models.IntegerField(_("units"))
    ended_at = models.DateTimeField(_("ended at"))

    class Meta:
        verbose_name = _("cool-down")
        verbose_name_plural = _("cool-downs")
        constraints = [models.UniqueConstraint(fields=["shop", "key"], name="cooldown_one_row_per_key")]
        indexes = [models.Index(fields=["shop", "ended_at"], name="cooldown_by_age")]

    def __str__(self) -> str:
        return str(self.pk)
