"""What is counted in the database because it must survive everything else. Neither table belongs to a tenant."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RequestSlot(models.Model):
    """The one request that a company may have under way while Redis is away; free again at `free_at`."""

    limit_key = models.CharField(_("company"), max_length=80, primary_key=True)
    free_at = models.DateTimeField(_("free at"))

    class Meta:
        verbose_name = _("request slot")
        verbose_name_plural = _("request slots")

    def __str__(self) -> str:
        return self.limit_key


class TokenCall(models.Model):
    """A call to Bling's token address, for any shop: 20 a minute from one IP address shut us out for an hour."""

    at = models.DateTimeField(_("at"), db_index=True)

    class Meta:
        verbose_name = _("call for tokens")
        verbose_name_plural = _("calls for tokens")

    def __str__(self) -> str:
        return str(self.at)
