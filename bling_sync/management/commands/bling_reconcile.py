"""`manage.py bling_reconcile [--shop DOMAIN] [--sku SKU]`."""

import time
from typing import Any

from django.core.management.base import CommandError, CommandParser

from bling_sync import account_setup, shop_work
from bling_sync.management.named_connection import connection_meant, patiently
from bling_sync.models import Connection, Difference, Product
from bling_sync.outbox import observe, order_keys, outcome
from bling_sync.reconcile import reading, reading_schedule
from bling_sync.webhooks import consequences as webhooks
from plumbing import database_clock
from plumbing.away_from_database import pause
from reservations.management.command import ServiceCommand, add_shop_option
from reservations.models import StockItem

_NAP_SECONDS = 1.0
_PATIENCE_SECONDS = 900.0


class Command(ServiceCommand):
    """Reads Bling's figures now."""

    help = "Read the balances of every product (or one SKU) from Bling now, and show what differed and why."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        add_shop_option(parser)
        parser.add_argument("--sku", help="Only this one.")

    def handle(self, *args: Any, shop: str | None, sku: str | None, **options: Any) -> None:
        """Run the command."""
        known = connection_meant(shop)
        if known.reading_paused_at is not None:
            raise CommandError("Readings are paused since an import was undone: bling_import takes them up again.")
        patiently(lambda: account_setup.require_complete(known), self.say)
        began = database_clock.now()
        figures = self._one(known, sku) if sku else self._all(known)
        self.say(f"Figures read from Bling: {figures}.")
        self._show(known, began)

    def _one(self, known: Connection, sku: str) -> int:
        product = Product.objects.filter(shop_id=known.shop_id, sku=sku, stock_item__isnull=False).first()
        if product is None:
            raise CommandError(f"{sku} is not linked to a product in Bling: bling_import --dry-run says why.")
        return patiently(lambda: reading.read(known, [product]), self.say)

    def _all(self, known: Connection) -> int:
        outcome.bury_the_dead(known.shop_id)
        webhooks.apply_new(known.shop_id)
        patiently(lambda: order_keys.resolve(known), self.say)
        patiently(lambda: observe.look_for_orders(known), self.say)
        reading_schedule.request_all(known.shop_id)
        deadline, began = time.monotonic() + _PATIENCE_SECONDS, database_clock.now()
        while (left := self._unread(known, began)) and time.monotonic() < deadline:
            # The worker reads too; whoever comes first has the turn.
            if not shop_work.read_back(known.shop_id) and self._unread(known, began) == left:
                patiently(lambda: shop_work.ready_connection(known.shop_id), self.say)
                pause(_NAP_SECONDS)
        read_now = Product.objects.filter(shop_id=known.shop_id, read_started_at__gte=began)
        return read_now.count()

    def _unread(self, known: Connection, began: object) -> int:
        rows = Product.objects.filter(shop_id=known.shop_id, stock_item__isnull=False, read_due_at__lte=began)
        return rows.count()

    def _show(self, known: Connection, began: object) -> None:
        seen = Difference.objects.filter(shop_id=known.shop_id, seen_at__gte=began).select_related("stock_item")
        for one in seen.order_by("pk"):
            figures = f"expected {one.expected.normalize():f}, Bling has {one.bling.normalize():f}"
            self.say(f"{one.stock_item.sku}: {figures}: {one.get_cause_display()}")
        on_their_way = StockItem.objects.filter(shop_id=known.shop_id, in_flight__gt=0)
        self.say(f"SKUs with sales on their way to Bling: {on_their_way.count()}.")
