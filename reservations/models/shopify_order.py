"""What Shopify has told us about an order, whatever came first."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .shop import Shop


class TagState(models.TextChoices):
    """Whether the order carries our tag at Shopify."""

    NONE = "", _("none")  # -> wanted
    WANTED = "wanted", _("to be written")  # -> written | unwanted
    WRITTEN = "written", _("written")  # -> unwanted
    UNWANTED = "unwanted", _("to be taken off")  # -> none | wanted


class Payment(models.TextChoices):
    """How an order's payment stands, by all that Shopify has said about it."""

    UNKNOWN = "", _("not told")  # -> any other; the order buys, as if it were paid
    PENDING = "pending", _("awaited")  # -> paid | voided | expired
    PAID = "paid", _("paid")  # money is there or reserved
    VOIDED = "voided", _("voided")  # -> paid | pending
    EXPIRED = "expired", pgettext_lazy("payment", "expired")  # -> paid | pending


class ShopifyOrder(models.Model):
    """The facts of one order, each kept once; its effect on the stock is computed from them.

    ``lines`` is the newest state of the order's lines (as of ``lines_at``), ``ordered_units`` and ``current_units`` are
    their sums, those without a SKU too; ``refunds`` (when: ``refunded_at``), ``returns`` and ``edits`` collect by id.
    ``zero``, for an order from before the installation, has the ``lines`` as we first heard of them (``at``), whose
    units move nothing here, and whether the order still ``awaited`` its payment when the app was installed.
    Since facts only add up, the same facts lead to the same stock whatever order they came in. ``settled_at`` is when
    the order first took its units; from then on its carts are closed.

    ``payments`` are Shopify's words about the payment, each with its time, ``payment`` what follows from them. While it
    is awaited, the order holds its units until ``payment_due_at``. ``committed`` are the units by SKU that Shopify
    keeps for an order that has not bought them here.
    """

    shop = models.ForeignKey(
        Shop, models.PROTECT, related_name="shopify_orders", db_index=False, verbose_name=_("shop")
    )
    order_id = models.CharField(_("order"), max_length=255)
    name = models.CharField(_("name"), max_length=255, blank=True, default="")
    # Shopify shows it to the customer alone: who names it asks about an order of their own.
    confirmation = models.CharField(
        _("confirmation number"), max_length=32, blank=True, default="", db_default="", editable=False
    )
    cart_token = models.UUIDField(_("cart"), null=True, blank=True)
    lines = models.JSONField(_("lines"), default=dict, blank=True)
    lines_at = models.DateTimeField(_("lines as of"), null=True, blank=True)
    refunds = models.JSONField(_("refunds"), default=dict, blank=True)
    edits = models.JSONField(_("edits"), default=dict, blank=True)
    returns = models.JSONField(_("returns"), default=dict, blank=True, db_default={})
    refunded_at = models.JSONField(_("refunded at"), default=dict, blank=True, db_default={})
    ordered_units = models.PositiveIntegerField(_("units ordered"), null=True, blank=True)
    current_units = models.PositiveIntegerField(_("units still in the order"), null=True, blank=True)
    zero = models.JSONField(_("as it was at the installation"), null=True, blank=True)
    # The currency of the prices in `lines`.
    currency = models.CharField(_("currency"), max_length=3, blank=True, default="", db_default="")
    cancelled = models.BooleanField(_("cancelled"), default=False)
    is_test = models.BooleanField(_("test order"), default=False, db_default=False)
    # What made it, as Shopify names it: "web", "pos", ...
    source = models.CharField(_("source"), max_length=64, blank=True, default="", db_default="")
    placed_at = models.DateTimeField(_("placed at"), null=True, blank=True)
    paid_at = models.DateTimeField(_("paid at"), null=True, blank=True)
    payment = models.CharField(
        _("payment"), max_length=16, choices=Payment, blank=True, default=Payment.UNKNOWN, db_default=Payment.UNKNOWN
    )
    payments = models.JSONField(_("words about the payment"), default=dict, blank=True, db_default={})
    gateways = models.JSONField(_("payment gateways"), default=list, blank=True, db_default=[])
    payment_terms = models.JSONField(_("payment terms"), null=True, blank=True)
    payment_due_at = models.DateTimeField(_("payment due at"), null=True, blank=True)
    shipped = models.BooleanField(_("has left"), default=False, db_default=False)
    committed = models.JSONField(_("committed at Shopify"), default=dict, blank=True, db_default={})
    # When we may ask Shopify (again) to cancel it for want of its payment.
    cancel_retry_at = models.DateTimeField(null=True, blank=True, editable=False)
    cancel_failures = models.IntegerField(default=0, db_default=0, editable=False)
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
            # Those that await their payment; an order leaves the index once it is paid or cancelled.
            models.Index(
                fields=["shop", "payment_due_at"],
                name="shopifyorder_unpaid",
                condition=Q(payment=Payment.PENDING, cancelled=False),
            ),
            models.Index(fields=["shop"], name="shopifyorder_committed", condition=~Q(committed={})),
            # The name that the merchant sees, as in "#1001".
            models.Index(fields=["shop", "name"], name="shopifyorder_by_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name or self.order_id
