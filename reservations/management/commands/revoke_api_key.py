"""`manage.py revoke_api_key PREFIX|ID`."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db.models import Q

from plumbing.whole_number import whole_number
from reservations.api_keys import revoke_key
from reservations.management.command import ServiceCommand
from reservations.models import ApiKey


class Command(ServiceCommand):
    """Refuses an API key from now on."""

    help = "Refuse an API key from now on; every web process does so within a second."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("key", metavar="PREFIX|ID", help="The key's number, or the characters that it begins with.")

    def handle(self, *args: Any, key: str, **options: Any) -> None:
        """Run the command."""
        found = _find(key)
        if not revoke_key(found):
            raise CommandError(f"API key {found.pk} ({found}) was revoked before.")
        self.say(f"API key {found.pk} ({found}) of {found.shop} is revoked.")


def _find(text: str) -> ApiKey:
    meant = Q(prefix=text)
    number = whole_number(text)
    if number is not None:
        meant |= Q(pk=number)
    found = list(ApiKey.objects.filter(meant).select_related("shop").order_by("pk")[:10])
    if not found:
        raise CommandError(f"No API key has the number or the beginning {text}.")
    if len(found) > 1:
        raise CommandError(
            f"Several API keys are meant, say which by number: {', '.join(str(key.pk) for key in found)}."
        )
    return found[0]
