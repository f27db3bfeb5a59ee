"""`manage.py issue_api_key DOMAIN [--name NAME] [--scope SCOPE]... [--requests-per-minute N]`."""

from typing import Any

from django.core.management.base import CommandParser

from reservations.api_keys import issue_key
from reservations.management.command import ServiceCommand, shop_named
from reservations.models import Scope


class Command(ServiceCommand):
    """Makes one more API key for a shop and shows it, once."""

    help = "Make one more API key for a shop. The key is shown once; only its hash is stored."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("domain", help="The shop, as in my-shop.myshopify.com.")
        parser.add_argument("--name", default="", help="Which server will use the key.")
        parser.add_argument(
            "--scope",
            action="append",
            choices=Scope.values,
            help="What the key may do; may be repeated. Left out: all.",
        )
        parser.add_argument("--requests-per-minute", type=int, metavar="N", help="Left out: no limit.")

    def handle(
        self,
        *args: Any,
        domain: str,
        name: str,
        scope: list[str] | None,
        requests_per_minute: int | None,
        **options: Any,
    ) -> None:
        """Run the command."""
        scopes = {*(scope or [Scope.ALL.value])}
        issued = issue_key(shop_named(domain), name=name, scopes=scopes, requests_per_minute=requests_per_minute)
        self.say(f"API key {issued.key.pk} was made. Keep it now: it is not shown again.")
        self.say(f"API key: {issued.raw}")
