"""`manage.py bling_disconnect [--shop DOMAIN] [--forget]`."""

from typing import Any

from django.core.management.base import CommandParser

from bling_sync.management.named_connection import connection_meant
from bling_sync.oauth.disconnect import disconnect
from reservations.management.command import ServiceCommand, add_shop_option


class Command(ServiceCommand):
    """Ends a shop's authorization."""

    help = (
        "Disconnect a shop from Bling: its tokens are revoked and forgotten, and nothing is read or written any more."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        add_shop_option(parser)
        parser.add_argument(
            "--forget",
            action="store_true",
            help="Forget the products and cancel untold sales too, so that another company can be connected.",
        )

    def handle(self, *args: Any, shop: str | None, forget: bool, **options: Any) -> None:
        """Run the command."""
        known = connection_meant(shop)
        revoked = disconnect(known, forget=forget)
        said = "Bling has ended the authorization." if revoked else "Bling did not confirm; our tokens are gone."
        self.say(f"{known.shop} is disconnected. {said}")
