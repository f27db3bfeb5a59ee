"""Which shops a member of staff sees in Django's admin."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .shop import Shop


class StaffShop(models.Model):
    """A member of staff sees this shop. Who has the permission to see every shop needs no such row."""

    # The table can be distributed by shop, so no constraint leads to a table that cannot.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="seen_shops",
        db_constraint=False,
        db_index=False,
        verbose_name=_("member of staff"),
    )
    shop = models.ForeignKey(Shop, models.PROTECT, related_name="seen_by", verbose_name=_("shop"))

    class Meta:
        verbose_name = _("shop of a member of staff")
        verbose_name_plural = _("shops of a member of staff")
        permissions = [("see_every_shop", "Can see every shop")]
        constraints = [models.UniqueConstraint(fields=["user", "shop"], name="staffshop_once")]

    def __str__(self) -> str:
        return str(self.shop)
