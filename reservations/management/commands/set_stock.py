"""`manage.py set_stock SKU QUANTITY [--shop DOMAIN]`."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from reservations import engine, erp
from reservations.management.command import ServiceCommand, add_shop_option, shop_meant
from reservations.manual_count import check_quantity, check_sku
from reservations.shopify.catalogue.missing_links import look_for_variants


class Command(ServiceCommand):
    """Counts units of a SKU into the stock, as the ERP would."""

    help = "Set how many units of a SKU are on hand. A SKU that is new is added. The ledger keeps the count."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("sku", help="Exactly as in Shopify: upper and lower case differ.")
        parser.add_argument("quantity", help="Units counted, 0 or more.")
        add_shop_option(parser)

    def handle(self, *args: Any, sku: str, quantity: str, shop: str | None, **options: Any) -> None:
        """Run the command."""
        check_sku(sku)
        units = check_quantity(quantity)
        owner = shop_meant(shop)
        # Asked before the count is written: the ERP's sentence is about the numbers as they still are.
        sentence = erp.backend().counted(owner.pk, sku, units)
        counted = engine.apply_count(owner.pk, sku, units, reference="set_stock")
        if not counted.applied:
            raise CommandError(f"{sku} has a newer count already: nothing was changed.")
        look_for_variants(owner.pk, sku)
        self.say(f"{sku} in {owner.domain}: on hand {counted.on_hand}, available {counted.available}.")
        if sentence:
            self.say(sentence)
