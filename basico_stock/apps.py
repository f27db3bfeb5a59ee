"""The project as a Django app, so that its checks and settings are found."""

from django.apps import AppConfig


class BasicoStockConfig(AppConfig):
    """Registers the checks that keep a mistaken machine from starting."""

    name = "basico_stock"
    verbose_name = "Bázico Stock Service"

    def ready(self) -> None:
        """Register the system checks."""
        from basico_stock import checks  # noqa: F401
