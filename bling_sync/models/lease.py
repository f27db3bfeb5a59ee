"""Which worker does a piece of work at this moment."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from reservations.models import Shop


class Lease(models.Model):
    """The right to do the work `name` for a shop until `until`; whoever dies with it blocks nobody for long."""

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="+", db_index=False, verbose_name=_("shop"))
    name = models.CharField(_("work"), max_length=32)
    holder = models.UUIDField(_("holder"))
    until = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("lease")
        verbose_name_plural = _("leases")
        constraints = [models.UniqueConstraint(fields=["shop", "name"], name="bling_lease_one_per_work")]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.name}"
