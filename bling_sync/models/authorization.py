"""A merchant on the way to Bling's consent page and back."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from reservations.models import Shop


class AuthorizationRequest(models.Model):
    """The `state` of an authorization, or a link of ours to it: known by its hash, used once, good for a while.

    With a `browser_hash` it must come back in the browser that began it; a request made at a terminal has none.
    """

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+", db_index=False, verbose_name=_("shop"))
    state_hash = models.CharField(max_length=64)
    browser_hash = models.CharField(max_length=64, blank=True, default="")
    created_at = models.DateTimeField(_("created at"))
    expires_at = models.DateTimeField(_("expires at"))
    used_at = models.DateTimeField(_("used at"), null=True, blank=True)

    class Meta:
        verbose_name = _("authorization request")
        verbose_name_plural = _("authorization requests")
        constraints = [models.UniqueConstraint(fields=["shop", "state_hash"], name="bling_authorization_state_once")]
        indexes = [models.Index(fields=["state_hash"], name="bling_authorization_by_state")]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.created_at:%Y-%m-%d %H:%M}"
