"""The app in a merchant's Shopify: its tokens and its state."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .shop import Shop


class InstallationState(models.TextChoices):
    """How the app stands in a shop."""

    INSTALLED = "installed", _("installed")  # -> needs_reopen | uninstalled
    NEEDS_REOPEN = "needs_reopen", _("the merchant must open the app")  # -> installed | uninstalled
    UNINSTALLED = "uninstalled", _("uninstalled")  # -> installed


class ValidationState(models.TextChoices):
    """How the cart-and-checkout validation stands in a shop."""

    UNKNOWN = "", _("not looked at yet")
    ON = "on", _("on")
    OFF = "off", _("switched off by the merchant")
    FAILED = "failed", _("could not be created")


class ShopifyInstallation(models.Model):
    """One shop's tokens, encrypted for that shop, and what we know about the app's state there.

    Only the holder of the lease refreshes the tokens: ``lease`` names it until ``lease_until``, and it asks Shopify
    with no transaction open. ``installed_at`` is when this installation began: what Shopify triggered before belongs
    to an older one. ``orders_checked_until`` says how far we have compared Shopify's list of orders with what we know.
    Whoever publishes inventory has heard of every change before ``orders_heard_until``. Of the orders from before
    ``installed_at`` we have read those placed until ``older_orders_read_until``.
    ``seen_at`` is when Shopify last made a session token, which it does only where the app is installed. ``locations``
    are the shop's active ones, each with its ``id`` and ``name``; None until we have read them. The holder of
    ``guard_lease`` writes the guards and their table of holds; ``hold_table_told`` says which pages of it which
    validation has, None where we do not know. ``time_zone`` is the shop's, by its name; "" until Shopify told us.
    ``limits_told`` is what the theme's block was told of the shop's limits.
    """

    shop = models.OneToOneField(Shop, models.PROTECT, related_name="shopify", verbose_name=_("shop"))
    state = models.CharField(_("state"), max_length=16, choices=InstallationState, default=InstallationState.INSTALLED)
    scopes = models.TextField(_("granted scopes"), blank=True, default="")
    access_token = models.TextField(editable=False, blank=True, default="")
    access_expires_at = models.DateTimeField(_("access token ends"), null=True, blank=True)
    refresh_token = models.TextField(editable=False, blank=True, default="")
    refresh_expires_at = models.DateTimeField(_("refresh token ends"), null=True, blank=True)
    lease = models.UUIDField(editable=False, null=True)
    lease_until = models.DateTimeField(editable=False, null=True)
    installed_at = models.DateTimeField(_("installed at"))
    uninstalled_at = models.DateTimeField(_("uninstalled at"), null=True, blank=True)
    seen_at = models.DateTimeField(_("last opened"), null=True, blank=True)
    validation_id = models.CharField(max_length=255, blank=True, default="")
    validation_state = models.CharField(
        _("checkout validation"), max_length=16, choices=ValidationState, blank=True, default=ValidationState.UNKNOWN
    )
    validation_checked_at = models.DateTimeField(_("checkout validation looked at"), null=True, blank=True)
    theme_embed = models.BooleanField(_("theme embed is on"), null=True, blank=True)
    theme_checked_at = models.DateTimeField(_("theme embed looked at"), null=True, blank=True)
    links_synced_at = models.DateTimeField(_("catalogue read"), null=True, blank=True)
    orders_checked_until = models.DateTimeField(_("orders held against Shopify's list"), null=True, blank=True)
    orders_heard_until = models.DateTimeField(null=True, blank=True, editable=False)
    links_problem = models.CharField(
        _("problem with the catalogue"), max_length=255, blank=True, default="", db_default=""
    )
    problem = models.CharField(_("problem"), max_length=255, blank=True, default="")
    older_orders_read_until = models.DateTimeField(_("orders from before it read up to"), null=True, blank=True)
    older_orders_lease = models.UUIDField(editable=False, null=True)
    older_orders_lease_until = models.DateTimeField(editable=False, null=True)
    locations = models.JSONField(null=True, blank=True, editable=False)
    guard_lease = models.UUIDField(editable=False, null=True)
    guard_lease_until = models.DateTimeField(editable=False, null=True)
    hold_table_told = models.JSONField(null=True, blank=True, editable=False)
    limits_told = models.JSONField(null=True, blank=True, editable=False)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True, default="", db_default="")

    class Meta:
        verbose_name = _("Shopify installation")
        verbose_name_plural = _("Shopify installations")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=InstallationState.values), name="installation_state_known"),
            models.CheckConstraint(
                condition=~Q(state="uninstalled") | Q(access_token="", refresh_token=""),
                name="installation_keeps_no_dead_token",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shop_id}: {self.state}"
