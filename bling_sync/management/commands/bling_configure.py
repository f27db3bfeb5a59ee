"""`manage.py bling_configure [--shop DOMAIN] [--mode MODE] [--deposit ID] [--brake-percent N]`."""

from functools import partial
from typing import Any

from django.core.management.base import CommandError, CommandParser

from bling_sync import account_setup
from bling_sync.management.named_connection import connection_meant, patiently
from bling_sync.models import Connection, Mode, ModeReason
from bling_sync.resources import deposits
from reservations.management.command import ServiceCommand, add_shop_option


class Command(ServiceCommand):
    """Shows and changes what the merchant decides about Bling."""

    help = "Show or change how sales reach Bling, from which deposit, and when an import stops and asks."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        add_shop_option(parser)
        parser.add_argument("--mode", choices=Mode.values, help="observe writes nothing to Bling.")
        parser.add_argument("--deposit", type=int, metavar="ID", help="Whose stock the shop sells.")
        parser.add_argument("--brake-percent", type=int, metavar="N", help="1 to 100.")

    def handle(self, *args: Any, shop: str | None, **options: Any) -> None:
        """Run the command."""
        known = connection_meant(shop)
        if options["brake_percent"] is not None:
            known.brake_percent = options["brake_percent"]
            known.clean_fields(exclude=[field.name for field in known._meta.fields if field.name != "brake_percent"])
            known.save(update_fields=["brake_percent"])
        if options["mode"]:
            account_setup.set_mode(known, Mode(options["mode"]), ModeReason.MERCHANT)
        if options["deposit"] is not None:
            try:
                patiently(partial(account_setup.set_deposit, known, options["deposit"]), self.say)
            except ValueError as error:
                raise CommandError(str(error)) from error
        self._show(known)

    def _show(self, known: Connection) -> None:
        self.say(f"{known.shop}: {known.company_name or known.company_id}")
        self.say(f"mode: {known.mode} ({known.get_mode_reason_display()})")
        self.say(f"brake: {known.brake_percent} %")
        self.say("deposits:")
        for one in patiently(lambda: deposits.active(account_setup.bling_of(known)), self.say):
            mark = "->" if one.id == known.deposit_id else "  "
            self.say(f"{mark} {one.id} {one.name}{' (default)' if one.default else ''}")
