"""The tenant: one Shopify shop with its merchant's settings."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

# Shopify's pattern with the end anchor that its documentation leaves out.
SHOP_DOMAIN_PATTERN = r"\A[a-z0-9][a-z0-9-]*\.myshopify\.com\Z"
DEFAULT_HOLD_SECONDS = 600
DEFAULT_HOLD_CEILING_SECONDS = 3600
# A hold longer than a day is no longer a cart: it is stock that nobody can buy.
MAX_HOLD_SECONDS = 86_400
# A limit beyond these is a typing mistake.
MOST_UNITS_PER_LINE = 1_000_000
MOST_SCARCITY_THRESHOLD = 100_000
# More than a household puts into one cart. Without a limit one cart could hold all that there is.
DEFAULT_UNITS_PER_LINE = 10
# What is held and not paid at one time, of one SKU. A customer has a telephone and a laptop; a household, and a few
# neighbours whom a carrier puts behind one address, still buy.
DEFAULT_UNITS_PER_CUSTOMER, DEFAULT_HOLDS_PER_CUSTOMER = 10, 3
DEFAULT_UNITS_PER_ADDRESS, DEFAULT_HOLDS_PER_ADDRESS = 20, 10
# A request reads the holds of its customer and of its address, so there is always an end to them.
MOST_HOLDS = 1_000
# Most shoppers in Brazil are not signed in: most of the stock is theirs, and no crowd of addresses gets all of it.
DEFAULT_ANONYMOUS_PERCENT = 80
# Of ten minutes one: others see the units first, and who pays in the end hardly notices.
DEFAULT_UNPAID_WAIT_PERCENT = 10
# At or below this many free units an oversale is likely enough that we tell the checkout of every hold.
DEFAULT_SCARCITY_THRESHOLD = 10

# A card is paid or refused at once; what is still pending after that was given up, or is being looked at for fraud.
DEFAULT_CARD_MINUTES = 15
# As long as most gateways let a Pix code live.
DEFAULT_PIX_MINUTES = 30
MOST_PAYMENT_MINUTES = 10_080
# A boleto's usual term. One that is paid on its last day clears on the next, so a merchant may want one day more.
DEFAULT_BANK_DAYS = 3
MOST_BANK_DAYS = 60

# Per minute, in the storefront: far more than a household sends, and still little work for the service.
DEFAULT_REQUESTS_PER_ADDRESS = 600
DEFAULT_REQUESTS_PER_CART = 120


class InventoryMode(models.TextChoices):
    """Whether this app writes a shop's inventory at Shopify."""

    OFF = "off", _("not by this app")
    PUBLISH = "publish", _("on hand minus in flight, by this app")


class SellWhen(models.TextChoices):
    """When the units of an order are sold, and the ERP hears of it."""

    PAID = "paid", _("when it is paid")
    PLACED = "placed", _("when it is placed")


class Language(models.TextChoices):
    """The language of the pages inside Shopify's admin."""

    ADMIN = "", _("that of Shopify's admin")
    PORTUGUESE = "pt-br", "Português"
    ENGLISH = "en", "English"


class Shop(models.Model):
    """A merchant's shop, known by its permanent ``myshopify.com`` domain."""

    domain = models.CharField(
        _("domain"), max_length=255, unique=True, validators=[RegexValidator(SHOP_DOMAIN_PATTERN)]
    )
    name = models.CharField(_("name"), max_length=255, blank=True, default="")
    hold_seconds = models.PositiveIntegerField(
        _("hold (seconds)"),
        default=DEFAULT_HOLD_SECONDS,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_HOLD_SECONDS)],
        help_text=_("How long a new reservation lives."),
    )
    hold_ceiling_seconds = models.PositiveIntegerField(
        _("ceiling of a hold (seconds)"),
        default=DEFAULT_HOLD_CEILING_SECONDS,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_HOLD_SECONDS)],
        help_text=_("The longest life that extensions can give a reservation, counted from its first second."),
    )
    max_units_per_line = models.PositiveIntegerField(
        _("most units per cart and SKU"),
        null=True,
        blank=True,
        default=DEFAULT_UNITS_PER_LINE,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_UNITS_PER_LINE)],
        help_text=_("Empty: no limit."),
    )
    units_per_customer = models.PositiveIntegerField(
        _("most unpaid units per customer and SKU"),
        default=DEFAULT_UNITS_PER_CUSTOMER,
        db_default=DEFAULT_UNITS_PER_CUSTOMER,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_UNITS_PER_LINE)],
        help_text=_("Held in the storefront at one time by a customer who is signed in."),
    )
    holds_per_customer = models.PositiveIntegerField(
        _("most unpaid holds per customer and SKU"),
        default=DEFAULT_HOLDS_PER_CUSTOMER,
        db_default=DEFAULT_HOLDS_PER_CUSTOMER,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_HOLDS)],
    )
    units_per_address = models.PositiveIntegerField(
        _("most unpaid units per address and SKU"),
        default=DEFAULT_UNITS_PER_ADDRESS,
        db_default=DEFAULT_UNITS_PER_ADDRESS,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_UNITS_PER_LINE)],
        help_text=_("Held in the storefront at one time. Carriers put many shoppers behind one address."),
    )
    holds_per_address = models.PositiveIntegerField(
        _("most unpaid holds per address and SKU"),
        default=DEFAULT_HOLDS_PER_ADDRESS,
        db_default=DEFAULT_HOLDS_PER_ADDRESS,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_HOLDS)],
    )
    # A shop from before this setting goes on as it was: the database's default keeps nothing back from anybody.
    anonymous_percent = models.PositiveIntegerField(
        _("held by shoppers who are not signed in (% of a SKU)"),
        default=DEFAULT_ANONYMOUS_PERCENT,
        db_default=100,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("All of them together, of the units that are not sold; at least as many as one cart may have."),
    )
    unpaid_wait_percent = models.PositiveIntegerField(
        _("wait after a hold that was not paid (% of its time)"),
        default=DEFAULT_UNPAID_WAIT_PERCENT,
        db_default=DEFAULT_UNPAID_WAIT_PERCENT,
        validators=[MaxValueValidator(100)],
        help_text=_("Before the same shopper holds the SKU again. It grows with the time held. 0: no wait."),
    )
    scarcity_threshold = models.PositiveIntegerField(
        _("scarce at (units)"),
        default=DEFAULT_SCARCITY_THRESHOLD,
        validators=[MaxValueValidator(MOST_SCARCITY_THRESHOLD)],
        help_text=_("While this many units or fewer are free, Shopify's checkout is told of the holds of a SKU."),
    )
    inventory_mode = models.CharField(
        _("inventory at Shopify"),
        max_length=16,
        choices=InventoryMode,
        default=InventoryMode.OFF,
        help_text=_("Leave it off while Bling's own Shopify channel writes the inventory."),
    )
    inventory_location_id = models.BigIntegerField(
        _("location at Shopify"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("The number of the location whose inventory is written."),
    )
    requests_per_address = models.PositiveIntegerField(
        _("requests per minute and shopper's address"),
        null=True,
        blank=True,
        default=DEFAULT_REQUESTS_PER_ADDRESS,
        validators=[MinValueValidator(1), MaxValueValidator(1_000_000)],
        help_text=_("In the storefront. Carriers put many shoppers behind one address. Empty: no limit."),
    )
    requests_per_cart = models.PositiveIntegerField(
        _("requests per minute and cart"),
        null=True,
        blank=True,
        default=DEFAULT_REQUESTS_PER_CART,
        validators=[MinValueValidator(1), MaxValueValidator(1_000_000)],
        help_text=_("In the storefront. Empty: no limit."),
    )
    rescue_paid_orders = models.BooleanField(
        _("paid orders get the next free unit"),
        default=True,
        db_default=True,
        help_text=_("An order that was paid when no unit was free gets the next one, before it is offered to others."),
    )
    sell_when = models.CharField(
        _("an order's units are sold"),
        max_length=8,
        choices=SellWhen,
        default=SellWhen.PAID,
        db_default=SellWhen.PAID,
        help_text=_("Until then the order holds them, and the ERP does not hear of it."),
    )
    card_minutes = models.PositiveIntegerField(
        _("a card payment is awaited for (minutes)"),
        default=DEFAULT_CARD_MINUTES,
        db_default=DEFAULT_CARD_MINUTES,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_PAYMENT_MINUTES)],
    )
    pix_minutes = models.PositiveIntegerField(
        _("a Pix is awaited for (minutes)"),
        default=DEFAULT_PIX_MINUTES,
        db_default=DEFAULT_PIX_MINUTES,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_PAYMENT_MINUTES)],
    )
    boleto_bank_days = models.PositiveIntegerField(
        _("a boleto is awaited for (bank days)"),
        default=DEFAULT_BANK_DAYS,
        db_default=DEFAULT_BANK_DAYS,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_BANK_DAYS)],
    )
    deposit_bank_days = models.PositiveIntegerField(
        _("a deposit or transfer is awaited for (bank days)"),
        default=DEFAULT_BANK_DAYS,
        db_default=DEFAULT_BANK_DAYS,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_BANK_DAYS)],
    )
    other_bank_days = models.PositiveIntegerField(
        _("any other payment is awaited for (bank days)"),
        default=DEFAULT_BANK_DAYS,
        db_default=DEFAULT_BANK_DAYS,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_BANK_DAYS)],
    )
    cancel_unpaid_orders = models.BooleanField(
        _("orders that were not paid in time are cancelled at Shopify"),
        default=False,
        db_default=False,
        help_text=_("Shopify keeps an unpaid order's units out of its own stock until the order is cancelled."),
    )
    tell_test_orders = models.BooleanField(
        _("the ERP hears of test orders"),
        default=False,
        db_default=False,
        help_text=_("Their units leave the stock here as at Shopify, and come back when they are cancelled."),
    )
    till_takes_holds = models.BooleanField(
        _("a till takes units that carts hold"),
        default=False,
        db_default=False,
        help_text=_("A sale at the till of a unit that a cart holds ends the newest holds. Else the sale falls short."),
    )
    counts_pending_orders = models.BooleanField(
        _("orders that awaited their payment at the installation hold units"),
        default=True,
        db_default=True,
        help_text=_("Off: the ERP's count has left their units out already, as it has those of paid orders."),
    )
    native_channel = models.BooleanField(
        _("the ERP's own channel writes the inventory"),
        default=False,
        editable=False,
        help_text=_("While it does, this app writes none: two writers would undo each other."),
    )
    language = models.CharField(
        _("language"), max_length=8, choices=Language, blank=True, default=Language.ADMIN, db_default=Language.ADMIN
    )
    guide_hidden = models.BooleanField(
        _("the set-up guide was put away"), default=False, db_default=False, editable=False
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("shop")
        verbose_name_plural = _("shops")
        constraints = [
            models.CheckConstraint(
                condition=Q(hold_seconds__gte=1, hold_seconds__lte=MAX_HOLD_SECONDS), name="shop_hold_in_range"
            ),
            models.CheckConstraint(
                condition=Q(hold_ceiling_seconds__gte=F("hold_seconds"), hold_ceiling_seconds__lte=MAX_HOLD_SECONDS),
                name="shop_ceiling_covers_hold",
            ),
            models.CheckConstraint(
                condition=Q(max_units_per_line__isnull=True) | Q(max_units_per_line__gte=1),
                name="shop_max_units_positive",
            ),
            models.CheckConstraint(
                condition=Q(inventory_mode=InventoryMode.OFF)
                | Q(inventory_mode=InventoryMode.PUBLISH, inventory_location_id__isnull=False),
                name="shop_publishes_at_a_location",
            ),
        ]

    def __str__(self) -> str:
        return self.domain

    def clean(self) -> None:
        """Raise ValidationError, at the right field, for settings that contradict each other."""
        if (self.hold_ceiling_seconds or 0) < (self.hold_seconds or 0):
            raise ValidationError({"hold_ceiling_seconds": _("The ceiling must be at least the hold.")})
        if self.inventory_mode == InventoryMode.PUBLISH and self.inventory_location_id is None:
            raise ValidationError({"inventory_location_id": _("Choose the location whose inventory is written.")})
