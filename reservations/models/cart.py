"""A shopper's cart, known by our own uuid."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .shop import Shop


class Cart(models.Model):
    """A cart that holds or held stock. ``token`` is ours: whoever knows it may touch the cart's holds."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="carts", db_index=False, verbose_name=_("shop"))
    token = models.UUIDField(_("token"))
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("cart")
        verbose_name_plural = _("carts")
        constraints = [models.UniqueConstraint(fields=["shop", "token"], name="cart_one_row_per_token")]

    def __str__(self) -> str:
        return str(self.token)
