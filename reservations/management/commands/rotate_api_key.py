"""`manage.py rotate_api_key PREFIX|ID [--overlap-hours N]`."""

from datetime import timedelta
from typing import Any

from django.core.management.base import CommandError, CommandParser

from reservations.api_keys import LONGEST_OVERLAP, OVERLAP, rotate_key
from reservations.management.command import ServiceCommand
from reservations.management.named_key import key_named

_HOUR = timedelta(hours=1)


class Command(ServiceCommand):
    """Replaces an API key by a new one; for a while both open the shop."""

    help = "Make a key that may do what another may, show it once, and let the other end a while later."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("key", metavar="PREFIX|ID", help="The key's number, or the characters that it begins with.")
        parser.add_argument(
            "--overlap-hours",
            type=int,
            default=OVERLAP // _HOUR,
            metavar="N",
            help="How long the old key still opens the shop; by default %(default)s.",
        )

    def handle(self, *args: Any, key: str, overlap_hours: int, **options: Any) -> None:
        """Run the command."""
        if not 0 <= overlap_hours <= LONGEST_OVERLAP // _HOUR:
            raise CommandError(f"--overlap-hours is from 0 to {LONGEST_OVERLAP // _HOUR}.")
        old = key_named(key)
        issued = rotate_key(old, overlap_hours * _HOUR)
        self.say(f"API key {issued.key.pk} was made. Keep it now: it is not shown again.")
        self.say(f"API key {old.pk} ({old}) of {old.shop} ends at {old.ends_at:%Y-%m-%d %H:%M %Z}.")
        self.say(f"API key: {issued.raw}")
