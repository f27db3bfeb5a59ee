"""`manage.py expire_reservations`."""

from typing import Any

from reservations import engine
from reservations.management.command import ServiceCommand


class Command(ServiceCommand):
    """Writes down which holds are dead, as the background job does every few seconds."""

    help = "Write down which holds are dead. Their units were free before; this makes the counters say so."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the command."""
        self.say(f"{engine.expire_all()} reservations expired.")
