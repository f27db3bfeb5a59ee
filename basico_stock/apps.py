"""The project as a Django app, so that Django finds its checks."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class BasicoStockConfig(AppConfig):
    """Registers the checks that keep a misconfigured machine from starting, and the background work."""

    name = "basico_stock"
    verbose_name = "Bázico Stock Service"

    def ready(self) -> None:
        """Register the system checks, and the Celery app that sends tasks."""
        from basico_stock import celery, checks  # noqa: F401


class BazicoAdminConfig(AdminConfig):
    """Django's admin, with our own site."""

    default_site = "basico_stock.admin_site.BazicoAdminSite"
