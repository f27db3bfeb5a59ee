"""API keys, with which a merchant's own server proves who it is."""

import hashlib
import secrets
from collections.abc import Collection

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .shop import Shop

# 32 random bytes: a plain SHA-256 of such a key cannot be guessed, so no slow hash stands in the way of each request.
_KEY_BYTES = 32
_PREFIX_LENGTH = 12


def hash_key(raw: str) -> str:
    """The SHA-256 of a key in hexadecimal: the only form in which a key is stored."""
    return hashlib.sha256(raw.encode("utf-8", "surrogatepass")).hexdigest()


class Scope(models.TextChoices):
    """What a key may do."""

    READ = "read", _("read: stock, reservations, what a cart would get")
    HOLD = "hold", _("hold: reserve, extend and release")
    CONFIRM = "confirm", _("confirm: turn holds into sales")
    ALL = "all", _("all: everything, also what is new")


def every_scope() -> list[str]:
    """The scopes of a key for which nobody chose any."""
    return [Scope.ALL.value]


class ApiKey(models.Model):
    """A server-to-server credential. It names the shop, so its hash is unique over all shops, like a shop's domain.

    It opens the shop until it is revoked, or until ``ends_at``. ``last_used_at`` is true to the minute.
    """

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="api_keys", verbose_name=_("shop"))
    name = models.CharField(_("name"), max_length=100, blank=True, default="")
    prefix = models.CharField(_("begins with"), max_length=_PREFIX_LENGTH, editable=False)
    hash = models.CharField(max_length=64, unique=True, editable=False)
    requests_per_minute = models.PositiveIntegerField(
        _("requests per minute"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Empty: no limit."),
    )
    scopes = ArrayField(
        models.CharField(max_length=16, choices=Scope),
        verbose_name=_("scopes"),
        default=every_scope,
        db_default=["all"],
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)
    # Another key replaces this one; until then both open the shop.
    ends_at = models.DateTimeField(_("ends at"), null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        constraints = [
            models.CheckConstraint(
                condition=Q(scopes__contained_by=Scope.values, scopes__len__gte=1), name="apikey_scopes_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.prefix}… ({self.name})" if self.name else f"{self.prefix}…"

    @classmethod
    def issue(
        cls, shop: Shop, name: str = "", key: str | None = None, scopes: Collection[str] = (Scope.ALL,)
    ) -> tuple["ApiKey", str]:
        """Make a key for `shop` and return it with its plain text, which is shown once and never stored.

        Raises IntegrityError if `key` is given and already names a shop.
        """
        raw = key or f"bzc_{secrets.token_urlsafe(_KEY_BYTES)}"
        # A short given key (a demo's) must not show itself whole in its prefix.
        shown = raw[: min(_PREFIX_LENGTH, len(raw) // 2)]
        known = cls.objects.create(shop=shop, name=name, prefix=shown, hash=hash_key(raw), scopes=sorted(scopes))
        return known, raw
