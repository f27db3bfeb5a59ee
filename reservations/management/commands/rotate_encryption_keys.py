"""`manage.py rotate_encryption_keys`."""

from typing import Any

from django.core.management.base import CommandError

from plumbing.key_rotation import rotate
from reservations.management.command import ServiceCommand


class Command(ServiceCommand):
    """Writes every stored secret anew under the first of ENCRYPTION_KEYS."""

    help = "Encrypt every stored token anew under the first of ENCRYPTION_KEYS. After it the other keys can go."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the command."""
        done = rotate()
        self.say(f"{done.rotated} values encrypted anew.")
        if done.unreadable:
            raise CommandError(
                f"{done.unreadable} values are opened by no key: keep the old keys, and look at the log."
            )
