"""The project as a Django app, so that its checks and settings are found."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class BasicoStockConfig(AppConfig):
    """Registers what keeps a mistaken machine from starting, and the background work."""

    name = "basico_stock"
    verbose_name = "Bázico Stock Service"

    def ready(self) -> None:
        """Register the system checks, and the Celery app that tasks are sent with."""
        from basico_stock import celery, checks  # noqa: F401


class BazicoAdminConfig(AdminConfig):
    """Django's admin, with our own site."""

    default_site = "basico_stock.admin_site.BazicoAdminSite"
