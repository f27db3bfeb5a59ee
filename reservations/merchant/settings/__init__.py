"""Settings: what the merchant decides, in units that a merchant uses."""

from .settings_page import settings_page

__all__ = ["settings_page"]
