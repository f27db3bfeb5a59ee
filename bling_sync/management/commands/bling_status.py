"""`manage.py bling_status [--shop DOMAIN] [--json]`."""

import json
import sys
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from bling_sync.models import Connection
from bling_sync.outbox_backlog import Status, status
from reservations.management.command import ServiceCommand, add_shop_option, shop_named

SOMETHING_WAITS = 3
_WORDS = {
    "pending": "pending: nothing of it is in Bling yet",
    "sending": "sending: on its way at this moment",
    "unknown": "unknown: the answer was lost, evidence is being gathered",
    "merchant": "unknown: the merchant decides",
    "refused": "refused by Bling: the merchant decides",
}


class Command(ServiceCommand):
    """Says what waits on the way to Bling."""

    help = "Say what is pending, unknown or refused, and since when. Exit status 0: nothing waits, 3: something does."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        add_shop_option(parser)
        parser.add_argument("--json", action="store_true", help="For programs.")

    def handle(self, *args: Any, shop: str | None, **options: Any) -> None:
        """Run the command."""
        connections = Connection.objects.select_related("shop").order_by("shop__domain")
        if shop:
            connections = connections.filter(shop=shop_named(shop))
        found = [status(known) for known in connections]
        if options["json"]:
            rows = [{**asdict(one), "waits": one.waits} for one in found]
            self.say(json.dumps({"waits": any(one.waits for one in found), "shops": rows}, default=_plain))
        else:
            self._show(found)
        if any(one.waits for one in found):
            sys.exit(SOMETHING_WAITS)

    def _show(self, found: list[Status]) -> None:
        if not found:
            self.say("No shop is connected to Bling.")
        for one in found:
            self._show_one(one)

    def _show_one(self, one: Status) -> None:
        self.say(f"{one.shop}: {one.state}, {one.company or 'company not read yet'}, mode {one.mode}")
        self.say(f"  Bling last answered: {_ago(one.answered_at)}; last import applied: {_ago(one.imported_at)}")
        for name, words in _WORDS.items():
            if one.waiting[name].count:
                self.say(f"  {one.waiting[name].count} {words}, the oldest {_ago(one.waiting[name].since)}")
        for code in one.warnings:
            self.say(f"  ! {code.replace('_', ' ')}")
        if one.suggested_mode:
            self.say(f"  fits now: bling_configure --shop {one.shop} --mode {one.suggested_mode}")
        if one.last_error:
            self.say(f"  last error: {one.last_error}")
        if not one.waits:
            self.say("  Nothing waits.")


def _ago(moment: datetime | None) -> str:
    if moment is None:
        return "never"
    seconds = max(0, int((timezone.now() - moment).total_seconds()))
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {unit} ago"
    return f"{seconds} s ago"


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
