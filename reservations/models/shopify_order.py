"""What Shopify has told us about an order, whatever came first."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .shop import Shop


class TagState(models.TextChoices):
    """Whether the order carries our tag at Shopify."""

    NONE = "", _("none")  # -> wanted
    WANTED = "wanted", _("to be written")  # -> written | unwanted
    WRITTEN = "written", _("written")  # -> unwanted
    UNWANTED = "unwanted", _("to be taken off")  # -> none | wanted


class ShopifyOrder(models.Model):
    """The facts of one order, each kept once; its effect on the stock is computed from them.

    ``lines`` is the newest state of the order's lines (as of ``lines_at``); ``refunds`` and ``edits`` collect by id.
    Since facts only add up, the same facts lead to the same stock whatever order they came in. ``settled_at`` is when
    the order first took its units; from then on its carts are closed.
    """

    shop = models.ForeignKey(
        Shop, models.PROTECT, related_name="shopify_orders", db_index=False, verbose_name=_("shop")
    )
    order_id = models.CharField(_("order"), max_length=255)
    name = models.CharField(_("name"), max_length=255, blank=True, default="")
    cart_token = models.UUIDField(_("cart"), null=True, blank=True)
    lines = models.JSONField(_("lines"), default=dict, blank=True)
    lines_at = models.DateTimeField(_("lines as of"), null=True, blank=True)
    refunds = models.JSONField(_("refunds"), default=dict, blank=True)
    edits = models.JSONField(_("edits"), default=dict, blank=True)
    # That of the prices in `lines`.
    currency = models.CharField(_("currency"), max_length=3, blank=True, default="", db_default="")
    cancelled = models.BooleanField(_("cancelled"), default=False)
    paid_at = models.DateTimeField(_("paid at"), null=True, blank=True)
    settled_at = models.DateTimeField(_("first settled at"), null=True, blank=True)
    shortfall_units = models.PositiveIntegerField(_("units missing"), default=0)
    tag = models.CharField(_("tag"), max_length=16, choices=TagState, blank=True, default=TagState.NONE)
    tag_retry_at = models.DateTimeField(null=True, blank=True, editable=False)
    tag_failures = models.PositiveIntegerField(default=0, editable=False)
    heard_at = models.DateTimeField(_("last heard of"))

    class Meta:
        verbose_name = _("Shopify order")
        verbose_name_plural = _("Shopify orders")
        constraints = [models.UniqueConstraint(fields=["shop", "order_id"], name="shopifyorder_one_row_per_order")]
        indexes = [
            models.Index(
                fields=["shop", "cart_token"], name="shopifyorder_of_cart", condition=Q(cart_token__isnull=False)
            ),
            models.Index(fields=["shop", "tag_retry_at"], name="shopifyorder_to_tag", condition=Q(tag="wanted")),
            # Those whose tag may have to come off; a tag that is off leaves the index.
            models.Index(fields=["shop"], name="shopifyorder_tagged", condition=~Q(tag="")),
            # The name that the merchant sees, as in "#1001".
            models.Index(fields=["shop", "name"], name="shopifyorder_by_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name or self.order_id
