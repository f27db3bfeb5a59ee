"""Settings: what the merchant decides, in the merchant's units."""

from .settings_page import settings_page

__all__ = ["settings_page"]
