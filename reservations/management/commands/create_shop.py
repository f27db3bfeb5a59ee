"""`manage.py create_shop DOMAIN [--api-key KEY]`."""

from typing import Any

from django.core.management.base import CommandParser

from reservations.management.command import ServiceCommand
from reservations.new_shop import create_shop


class Command(ServiceCommand):
    """Makes a shop and shows its API key, once."""

    help = "Make a shop and its first API key. The key is shown once; only its hash is stored."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("domain", help="As in my-shop.myshopify.com.")
        parser.add_argument("--name", default="", help="What people call the shop.")
        parser.add_argument("--api-key", metavar="KEY", help="Use this key; without it a random one is made.")

    def handle(self, *args: Any, domain: str, name: str, api_key: str | None, **options: Any) -> None:
        """Run the command."""
        shop, issued = create_shop(domain, api_key=api_key, name=name)
        self.say(f"Shop {shop.domain} was created. Keep its key now: it is not shown again.")
        self.say(f"API key: {issued.raw}")
