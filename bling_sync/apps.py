"""Bling as the source of truth."""

from operator import attrgetter

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BlingSyncConfig(AppConfig):
    """Connections to Bling, the outbox of sales, imports and differences."""

    name = "bling_sync"
    label = "bling_sync"
    verbose_name = _("Bling")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the merchant's pages, what a shop's erasure deletes, and which columns key rotation re-encrypts."""
        from bling_sync import shop_erasure
        from bling_sync.merchant.bling_pages import BlingPages
        from bling_sync.models import Connection
        from plumbing import key_rotation
        from reservations import erasure
        from reservations.merchant import erp_pages

        erp_pages.register(BlingPages())
        erasure.register(shop_erasure.erase_shop)
        key_rotation.register(Connection, "access_token", "refresh_token", owner=attrgetter("owner"))
