"""`manage.py reset_second_factor USERNAME`."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import CommandError, CommandParser

from reservations.management.command import ServiceCommand
from staff import second_factor


class Command(ServiceCommand):
    """Forgets a person's second factor, so that they set up a new one."""

    help = "Forget a person's authenticator app and recovery codes; they set up a new one when they next sign in."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("username", metavar="USERNAME", help="The name that the person signs in with.")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        """Run the command."""
        user = get_user_model().objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"Nobody signs in as {username}.")
        if not second_factor.reset(user):
            raise CommandError(f"{username} has not set up a second factor.")
        self.say(f"{username} sets up a new second factor at the next sign-in; open sessions ask for it as well.")
