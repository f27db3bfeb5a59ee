"""The stock and everything that holds it."""

from django.apps import AppConfig


class ReservationsConfig(AppConfig):
    """Stock items, reservations and the ledger, with the engine as their only writer."""

    name = "reservations"
    label = "reservations"
    verbose_name = "Bázico: estoque e reservas"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the encrypted columns, for `rotate_encryption_keys`."""
        from reservations.shopify.access import stored_tokens  # noqa: F401
