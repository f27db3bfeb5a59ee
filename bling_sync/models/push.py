"""The outbox: what Bling has to learn of a sale or a return."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reservations.models import Shop, StockItem

from .connection import Mode
from .product import Product


class PushKind(models.TextChoices):
    """Which way the units go."""

    SALE = "sale", _("sale")  # out of Bling's balance
    RETURN = "return", _("return")  # back into it


class PushState(models.TextChoices):
    """A push's life. Units of a sale are in flight until it is settled or cancelled."""

    PENDING = "pending", _("pending")  # nothing of it is in Bling -> sending | sent (observe) | cancelled | failed
    SENDING = "sending", _("sending")  # a call may be under way -> sent | unknown | failed | pending (not applied)
    SENT = "sent", _("sent")  # Bling has it -> settled by a reading | pending (observe: the order was cancelled)
    UNKNOWN = "unknown", _("unknown")  # the answer was lost -> sent | pending, by evidence or by the merchant
    SETTLED = "settled", _("settled")  # a reading shows it; the end
    FAILED = "failed", _("refused by Bling")  # the merchant decides -> pending | sent | cancelled
    CANCELLED = "cancelled", _("cancelled")  # returned before it was told; the end
    WITHHELD = "withheld", _("not told: a test order")  # Bling never hears of it -> cancelled


class PushEvidence(models.TextChoices):
    """How we know that Bling has it."""

    ANSWER = "answer", _("Bling's answer")
    KEY = "key", _("found by its key")
    WEBHOOK = "webhook", _("a webhook nobody else explains")
    BALANCE = "balance", _("the balances before and after")
    ORDER = "order", _("the order that Bling imported")
    MERCHANT = "merchant", _("the merchant said so")


class Push(models.Model):
    """One sale or return on its way to Bling; `quantity - cancelled` units are what Bling has to learn.

    A call carries the sales of its product that wait together: one row makes it (`carries` are the others' units), and
    the others say so in `carried_by`. They share its fate until we know that Bling did not do it.

    `effect_at` is when Bling surely had it; a reading shows it when it began the grace time later. `escalated_at` is
    since when only the merchant can say what became of a lost answer: `before` and `after` are the two readings.
    """

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+", db_index=False, verbose_name=_("shop"))
    key = models.UUIDField(_("key"), help_text=_("What Bling's screens show of it."))
    kind = models.CharField(_("kind"), max_length=8, choices=PushKind)
    mode = models.CharField(_("mode"), max_length=12, choices=Mode)
    state = models.CharField(_("state"), max_length=12, choices=PushState, default=PushState.PENDING)
    stock_item = models.ForeignKey(
        StockItem, models.PROTECT, related_name="+", db_index=False, db_constraint=False, verbose_name="SKU"
    )
    # None: the SKU was sold before its product was imported.
    product = models.ForeignKey(
        Product,
        models.PROTECT,
        related_name="pushes",
        null=True,
        blank=True,
        db_index=False,
        db_constraint=False,
        verbose_name=_("product"),
    )
    reservation_id = models.UUIDField(_("reservation"))
    order_id = models.CharField(_("order"), max_length=255, blank=True, default="")
    reference = models.CharField(_("reference"), max_length=255, blank=True, default="")
    quantity = models.IntegerField(_("units"))
    cancelled = models.IntegerField(_("units cancelled"), default=0)

    # Both name the last call, whether under way, lost or answered; a call that was not applied lets its sales go.
    carried_by = models.BigIntegerField(_("told by the call of push"), null=True, blank=True)
    carries = models.IntegerField(_("units of other sales in its call"), default=0, db_default=0)

    created_at = models.DateTimeField(_("created at"))
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt at"))
    sending_at = models.DateTimeField(_("sent off at"), null=True, blank=True)
    unknown_at = models.DateTimeField(_("answer lost at"), null=True, blank=True)
    escalated_at = models.DateTimeField(_("waits for the merchant since"), null=True, blank=True)
    effect_at = models.DateTimeField(_("in Bling at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    evidence = models.CharField(_("known by"), max_length=12, choices=PushEvidence, blank=True, default="")
    error = models.CharField(_("error"), max_length=500, blank=True, default="")

    before_physical = models.DecimalField(_("balance before"), max_digits=16, decimal_places=4, null=True, blank=True)
    before_at = models.DateTimeField(_("read before at"), null=True, blank=True)
    after_physical = models.DecimalField(_("balance after"), max_digits=16, decimal_places=4, null=True, blank=True)
    after_at = models.DateTimeField(_("read after at"), null=True, blank=True)

    # Modes `order` and `observe`: the order in Bling, its situação's value, and whether only its reservation shows.
    bling_order_id = models.BigIntegerField(_("order in Bling"), null=True, blank=True)
    situation = models.SmallIntegerField(_("situação"), null=True, blank=True)
    by_reservation = models.BooleanField(_("shown by reservation only"), default=False)

    class Meta:
        verbose_name = _("push")
        verbose_name_plural = _("outbox")
        constraints = [
            models.UniqueConstraint(fields=["shop", "key"], name="bling_push_key_once"),
            models.UniqueConstraint(
                fields=["shop", "reservation_id"], condition=Q(kind="sale"), name="bling_push_one_per_sale"
            ),
            models.UniqueConstraint(
                fields=["shop", "reservation_id", "reference"],
                condition=Q(kind="return"),
                name="bling_push_one_per_return",
            ),
            # One call at a time per product, and none while a lost answer is being judged: the arithmetic needs it.
            models.UniqueConstraint(
                fields=["shop", "product"],
                condition=Q(carried_by__isnull=True)
                & (Q(state="sending") | Q(state="unknown", escalated_at__isnull=True)),
                name="bling_push_one_call_at_a_time",
            ),
            models.CheckConstraint(condition=Q(state__in=PushState.values), name="bling_push_state_known"),
            models.CheckConstraint(condition=Q(kind__in=PushKind.values), name="bling_push_kind_known"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, cancelled__gte=0, cancelled__lte=F("quantity")),
                name="bling_push_units_in_range",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "settled"]) | Q(effect_at__isnull=False),
                name="bling_push_effect_has_its_time",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "next_attempt_at"], name="bling_push_pending", condition=Q(state="pending")),
            models.Index(
                fields=["shop", "stock_item"],
                name="bling_push_open",
                condition=~Q(state__in=["settled", "cancelled"]) | Q(state="settled", by_reservation=True),
            ),
            models.Index(
                fields=["shop", "state"], name="bling_push_by_state", condition=~Q(state__in=["settled", "cancelled"])
            ),
            models.Index(fields=["shop", "product", "sending_at"], name="bling_push_of_product"),
            models.Index(fields=["shop", "order_id"], name="bling_push_of_order", condition=~Q(order_id="")),
            models.Index(
                fields=["shop", "carried_by"], name="bling_push_carried", condition=Q(carried_by__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.key}"

    @property
    def units(self) -> int:
        """Units that Bling has to learn of."""
        return self.quantity - self.cancelled

    @property
    def told_units(self) -> int:
        """Units that its call tells Bling of: its own, and those that it carries."""
        return self.units + self.carries
