"""`manage.py revoke_api_key PREFIX|ID`."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from reservations.api_keys import revoke_key
from reservations.management.command import ServiceCommand
from reservations.management.named_key import key_named


class Command(ServiceCommand):
    """Refuses an API key from now on."""

    help = "Refuse an API key from now on; every web process does so within a second."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("key", metavar="PREFIX|ID", help="The key's number, or the characters that it begins with.")

    def handle(self, *args: Any, key: str, **options: Any) -> None:
        """Run the command."""
        found = key_named(key)
        if not revoke_key(found):
            raise CommandError(f"API key {found.pk} ({found}) was revoked before.")
        self.say(f"API key {found.pk} ({found}) of {found.shop} is revoked.")
