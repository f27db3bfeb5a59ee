"""A cart as Shopify knows it."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from .shop import Shop


class NamedBy(models.TextChoices):
    """How we came to our own uuid of one of Shopify's carts."""

    LINES = "lines", _("the cart's lines, or nobody yet")  # -> script | token
    SCRIPT = "script", _("the shopper's script")  # -> lines, when another cart gets the uuid
    TOKEN = "token", _("Shopify's token alone")  # -> script


class ShopifyCart(models.Model):
    """Ties Shopify's cart token to our own uuid.

    ``named_by`` says whose word that is. Whoever makes a link can put lines into a cart that name a uuid of their own;
    the script that names Shopify's token and the uuid together has the cart before it.

    ``token`` never has the ``?key=`` part, which is a secret. ``updated_at`` is the time of the newest state that we
    applied, and ``triggered_at`` tells states of one second apart; older states change nothing. ``closed_by`` is the
    order that the cart became; from then on the cart holds nothing. ``refused`` names the SKUs of which we could not
    hold all units, with the units asked for.

    ``lines`` are the units by SKU of the newest state. ``holds`` are the reservations that its lines name, each with
    the time since which they do: if several tokens name one, it belongs to the first. Both are None until Shopify tells
    us about the cart itself.
    """

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="shopify_carts", db_index=False, verbose_name=_("shop"))
    token = models.CharField(_("Shopify's token"), max_length=255)
    cart_token = models.UUIDField(_("cart"))
    named_by = models.CharField(
        _("named by"), max_length=8, choices=NamedBy, default=NamedBy.LINES, db_default=NamedBy.LINES
    )
    updated_at = models.DateTimeField(_("newest state"), null=True, blank=True)
    triggered_at = models.DateTimeField(_("triggered at"), null=True, blank=True)
    closed_by = models.CharField(_("order"), max_length=255, blank=True, default="")
    lines = models.JSONField(_("lines"), null=True, blank=True)
    holds = models.JSONField(_("holds named by its lines"), null=True, blank=True)
    refused = models.JSONField(_("not held"), default=dict, blank=True)
    seen_at = models.DateTimeField(_("last heard of"))

    class Meta:
        verbose_name = _("Shopify cart")
        verbose_name_plural = _("Shopify carts")
        constraints = [models.UniqueConstraint(fields=["shop", "token"], name="shopifycart_one_row_per_token")]
        indexes = [
            models.Index(fields=["shop", "cart_token"], name="shopifycart_by_cart"),
            models.Index(fields=["shop", "seen_at"], name="shopifycart_by_age"),
            # Who else names a hold: a copy of the cart, or the same shopper's cart after a login.
            GinIndex(fields=["holds"], name="shopifycart_by_hold"),
        ]

    def __str__(self) -> str:
        return str(self.cart_token)
