"""`manage.py audit_stock [--shop DOMAIN]`."""

import sys
from typing import Any

from django.core.management.base import CommandParser

from reservations.management.command import ServiceCommand, add_shop_option, shop_named
from reservations.models import Shop
from reservations.nightly_audit import audit_shop, items_in


class Command(ServiceCommand):
    """Recomputes every number of the stock and reports those that are off."""

    help = "Recompute every number from the ledger and the reservations. Ends with status 1 when a SKU is off."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        add_shop_option(parser)

    def handle(self, *args: Any, shop: str | None, **options: Any) -> None:
        """Run the command."""
        shops = [shop_named(shop)] if shop is not None else list(Shop.objects.order_by("pk"))
        audited = off = 0
        for audited_shop in shops:
            audited += items_in(audited_shop)
            for sku, problems in audit_shop(audited_shop).items():
                off += 1
                self.say(f"{audited_shop.domain} {sku}: {'; '.join(problems)}")
        self.say(f"{audited} SKUs in {len(shops)} shops audited, {off} off.")
        if off:
            sys.exit(1)
