"""`manage.py configure_shop DOMAIN --hold-seconds N ...`: an option for each setting that the model has."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils import translation

from reservations.management.command import ServiceCommand, shop_named
from reservations.new_shop import setting_fields

NOTHING = "none"


class Command(ServiceCommand):
    """Changes a shop's settings, or shows them."""

    help = f"Change a shop's settings, and show them all. '{NOTHING}' empties a setting that may be empty."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments: one for each setting."""
        parser.add_argument("domain", help="The shop, as in my-shop.myshopify.com.")
        with translation.override("en"):
            for field in setting_fields():
                option = f"--{field.name.replace('_', '-')}"
                text = f"{field.verbose_name}. {field.help_text}".strip()
                parser.add_argument(option, dest=field.name, help=text.replace("%", "%%"))

    def handle(self, *args: Any, domain: str, **options: Any) -> None:
        """Run the command."""
        shop = shop_named(domain)
        given = {field.name: options[field.name] for field in setting_fields() if options[field.name] is not None}
        for name, text in given.items():
            setattr(shop, name, _emptied(name) if text in ("", NOTHING) else text)
        # First the types: full_clean's comparison of two settings needs numbers, not texts.
        shop.clean_fields()
        shop.full_clean()
        shop.save(update_fields=list(given))
        self.say(f"Settings of {shop.domain}:")
        for field in setting_fields():
            value = getattr(shop, field.name)
            self.say(f"  {field.name.replace('_', '-')}: {NOTHING if value in (None, '') else value}")


def _emptied(name: str) -> str | None:
    field = next(field for field in setting_fields() if field.name == name)
    if field.null:
        return None
    return "" if field.blank else NOTHING
