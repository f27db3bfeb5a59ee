"""`manage.py compile_translations [--check]`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reservations.management import catalogue


class Command(BaseCommand):
    """Writes each `.mo` file from its `.po` file, with nothing to install."""

    help = "Compile the translations: locale/*/LC_MESSAGES/*.po become the .mo files that Django loads."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("--check", action="store_true", help="Write nothing; fail when a .mo file is not current.")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        """Run the command."""
        for po_file in catalogue.catalogues():
            wanted, target = catalogue.compiled(catalogue.read(po_file)), po_file.with_suffix(".mo")
            if target.is_file() and target.read_bytes() == wanted:
                continue
            name = target.relative_to(catalogue.LOCALE.parent)
            if check:
                raise CommandError(f"{name} is not current: run manage.py compile_translations.")
            target.write_bytes(wanted)
            self.stdout.write(f"Wrote {name}.")
