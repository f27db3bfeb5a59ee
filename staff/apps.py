"""Staff as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    """Registers the column with the secrets of the second factor, so that a rotation of keys reaches it."""

    name = "staff"
    verbose_name = _("Staff")

    def ready(self) -> None:
        """Register what is encrypted."""
        from plumbing import key_rotation

        from .models import AuthenticatorApp

        key_rotation.register(AuthenticatorApp, "sealed_key", owner=AuthenticatorApp.owner)
