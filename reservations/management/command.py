"""The base class of our commands, and how they find the shop that the operator means."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from reservations.demo_shop import DEMO_DOMAIN
from reservations.models import Shop
from reservations.new_shop import clean_domain

from .errors import as_sentences


class ServiceCommand(BaseCommand):
    """A command in English. When something stands in its way it says so in one sentence and does not end with 0."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run the command. Raises CommandError."""
        with translation.override("en"), as_sentences():
            return super().execute(*args, **options)

    def say(self, line: str) -> None:
        """Print one line for the operator."""
        self.stdout.write(line)


def add_shop_option(parser: CommandParser) -> None:
    """Add the option with which the operator names the shop."""
    parser.add_argument("--shop", metavar="DOMAIN", help="The shop; may be left out while there is only one.")


def shop_named(domain: str) -> Shop:
    """The shop with this domain. Raises CommandError or ValidationError."""
    shop = Shop.objects.filter(domain=clean_domain(domain)).first()
    if shop is None:
        raise CommandError(f"There is no shop {clean_domain(domain)}: create_shop makes one.")
    return shop


def shop_meant(domain: str | None) -> Shop:
    """The shop that `domain` names, else the only one, else the demo shop. Raises CommandError or ValidationError."""
    if domain is not None:
        return shop_named(domain)
    # Two suffice to know that there are several.
    first = list(Shop.objects.order_by("pk")[:2])
    if len(first) == 1:
        return first[0]
    if not first:
        raise CommandError("There is no shop yet: create_shop makes one.")
    demo = Shop.objects.filter(domain=DEMO_DOMAIN).first()
    if demo is None:
        raise CommandError("There are several shops: say which with --shop DOMAIN.")
    return demo
