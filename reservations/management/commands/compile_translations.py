"""`manage.py compile_translations [--check]`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reservations.management import message_catalogue


class Command(BaseCommand):
    """Writes each `.mo` file from its `.po` file, with no program to install."""

    help = "Compile the translations: locale/*/LC_MESSAGES/*.po become the .mo files that Django loads."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("--check", action="store_true", help="Write nothing; fail when a .mo file is not current.")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        """Run the command."""
        for po_file in message_catalogue.catalogues():
            if not message_catalogue.is_current(po_file):
                if check:
                    raise CommandError(f"{po_file} was not compiled: run manage.py compile_translations.")
                message_catalogue.compile_file(po_file)
                self.stdout.write(f"Compiled {po_file}.")
