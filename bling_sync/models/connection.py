"""A shop's connection to its company in Bling."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reservations.models import Shop


class ConnectionState(models.TextChoices):
    """Whether we may speak to Bling for the merchant."""

    CONNECTED = "connected", _("connected")  # -> authorization_lost | disconnected
    AUTHORIZATION_LOST = "authorization_lost", _("authorization lost")  # Bling refuses us -> connected by consent
    DISCONNECTED = "disconnected", _("disconnected")  # the merchant ended it -> connected by consent


class Mode(models.TextChoices):
    """How a sale reaches Bling; never two ways at once."""

    OBSERVE = "observe", _("observe: Bling imports the order by itself")
    MOVEMENT = "movement", _("movement: we book the units out")
    ORDER = "order", _("order: we make a sales order and book it out")


class ModeReason(models.TextChoices):
    """Why the mode is what it is."""

    UNDECIDED = "undecided", _("The sales channels were not read yet, so nothing is written to Bling.")
    SHOPIFY_CHANNEL = "shopify_channel", _("Bling has a Shopify channel: it imports the orders by itself.")
    UNREADABLE = "channels_unreadable", _("The sales channels could not be read, so nothing is written to Bling.")
    NO_SHOPIFY_CHANNEL = "no_shopify_channel", _("Bling has no Shopify channel: nobody else books these sales.")
    MERCHANT = "merchant", _("The merchant chose it.")


class Connection(models.Model):
    """Tokens, mode and deposit of one shop, and how its company in Bling fares. Tokens are encrypted for `owner`."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+", db_index=False, verbose_name=_("shop"))
    state = models.CharField(_("state"), max_length=24, choices=ConnectionState, default=ConnectionState.CONNECTED)
    # Bling's id of the company: the key of its webhooks and of its rate limit. Empty until it was read.
    company_id = models.CharField(_("company"), max_length=64, blank=True, default="")
    company_name = models.CharField(_("company name"), max_length=255, blank=True, default="")

    access_token = models.TextField(blank=True, default="", editable=False)
    refresh_token = models.TextField(blank=True, default="", editable=False)
    access_expires_at = models.DateTimeField(_("access expires at"), null=True, blank=True)
    refresh_expires_at = models.DateTimeField(_("authorization expires at"), null=True, blank=True)
    refreshed_at = models.DateTimeField(_("tokens renewed at"), null=True, blank=True)
    # Counts the pairs: a new one may only replace the one that obtained it.
    token_generation = models.PositiveIntegerField(default=0, editable=False)
    # The process that renews the tokens has until then; after that another takes a dead one's place.
    refreshing_until = models.DateTimeField(null=True, blank=True)
    # Bling refused the refresh token for good; what access is left lasts until `access_expires_at`.
    refresh_refused_at = models.DateTimeField(_("renewal refused at"), null=True, blank=True)

    mode = models.CharField(_("mode"), max_length=12, choices=Mode, default=Mode.OBSERVE)
    mode_reason = models.CharField(_("why this mode"), max_length=24, choices=ModeReason, default=ModeReason.UNDECIDED)
    # Whether Bling had a Shopify channel when its channels were last read; None: they never could be.
    shopify_channel = models.BooleanField(_("Shopify channel in Bling"), null=True, blank=True)
    channels_read_at = models.DateTimeField(_("sales channels read at"), null=True, blank=True)
    # A channel came or went: the mode that would fit now, for the merchant to choose. Empty: none but the present one.
    suggested_mode = models.CharField(_("suggested mode"), max_length=12, choices=Mode, blank=True, default="")
    deposit_id = models.BigIntegerField(_("deposit"), null=True, blank=True)
    deposit_name = models.CharField(_("deposit name"), max_length=255, blank=True, default="")
    # The active deposits as last read, each with `id`, `name` and `default`; None: not read yet.
    deposit_choices = models.JSONField(null=True, blank=True, editable=False)
    # From then on a worker reads what is missing of the set-up, and the deposits; None: nobody asks for it.
    setup_due_at = models.DateTimeField(null=True, blank=True, editable=False)
    brake_percent = models.PositiveSmallIntegerField(
        _("brake (%)"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("An import that would cut more of the units than this stops and asks."),
    )

    # Undoing an import stops the readings that would do it again, until the next import is applied.
    reading_paused_at = models.DateTimeField(_("readings paused at"), null=True, blank=True)
    # Bling does not answer, or refuses more calls: we make none before this time.
    wait_until = models.DateTimeField(_("waiting until"), null=True, blank=True)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    last_error = models.CharField(_("last error"), max_length=500, blank=True, default="")

    connected_at = models.DateTimeField(_("connected at"), null=True, blank=True)
    imported_at = models.DateTimeField(_("last import applied at"), null=True, blank=True)
    # Roughly how many active products the company had when it was connected; None: nobody has looked.
    products_seen = models.PositiveIntegerField(_("products seen"), null=True, blank=True)
    all_read_at = models.DateTimeField(_("all figures asked for at"), null=True, blank=True)
    answered_at = models.DateTimeField(_("Bling last answered at"), null=True, blank=True)
    event_at = models.DateTimeField(_("last webhook at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("connection")
        verbose_name_plural = _("connections")
        constraints = [
            models.UniqueConstraint(fields=["shop"], name="bling_connection_one_per_shop"),
            models.CheckConstraint(condition=Q(state__in=ConnectionState.values), name="bling_connection_state_known"),
            models.CheckConstraint(condition=Q(mode__in=Mode.values), name="bling_connection_mode_known"),
            models.CheckConstraint(
                condition=Q(brake_percent__gte=1, brake_percent__lte=100), name="bling_connection_brake_in_range"
            ),
        ]
        indexes = [models.Index(fields=["company_id"], name="bling_connection_of_company")]

    def __str__(self) -> str:
        return f"{self.shop_id}: {self.company_name or self.company_id or '?'}"

    @property
    def owner(self) -> str:
        """The owner for whom its tokens are encrypted."""
        return f"shop:{self.shop_id}:bling"

    @property
    def limit_key(self) -> str:
        """The key that counts its requests: the company, or the shop until we know the company."""
        return self.company_id or f"shop-{self.shop_id}"
