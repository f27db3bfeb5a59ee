"""`manage.py bling_connect DOMAIN`."""

from typing import Any

from django.core.management.base import CommandParser

from bling_sync.oauth.consent_request import LIVES, authorization_address
from reservations.management.command import ServiceCommand, shop_named


class Command(ServiceCommand):
    """Prints the address at which a merchant lets us into Bling."""

    help = "Print the address that the merchant opens to connect the shop to Bling; the callback completes it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("domain", help="As in my-shop.myshopify.com.")

    def handle(self, *args: Any, domain: str, **options: Any) -> None:
        """Run the command."""
        address = authorization_address(shop_named(domain))
        # The address alone on standard output, so that a program can take it.
        minutes = int(LIVES.total_seconds() // 60)
        self.stderr.write(f"Open this address in a browser within {minutes} minutes; it is good once:")
        self.say(address)
