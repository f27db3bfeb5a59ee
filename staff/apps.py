"""Staff as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    """Users and groups in the admin, and how staff sign in."""

    name = "staff"
    verbose_name = _("Staff")
