"""The life's company at Bling's stand-in: the service tells it of sales and returns over HTTP, as it tells Bling."""

import re
from collections import Counter
from decimal import Decimal

from bling_sync.models import Mode, Push, PushState, TokenCall
from reservations.models import Shop
from sandbox.bling import RunningStandIn
from sandbox.bling.stock_history import Movement
from tests.bling_sync.world import World

from .life import SKUS, Life
from .verdict import Units

KEY = re.compile(r"\(([0-9a-f-]{36})\)$")
OVER = (PushState.SENT, PushState.SETTLED, PushState.CANCELLED, PushState.WITHHELD)


class Company:
    """Products with the life's units, connected and imported: what is counted, is counted here."""

    def __init__(self, bling: RunningStandIn, shop: Shop, life: Life) -> None:
        self._shop, self._account = shop, bling.bling.add_account(shop.domain)
        bling.bling.signed_in = self._account.id
        shelves = zip(SKUS, life.units, life.elsewhere, strict=True)
        rows = [{"sku": sku, "name": sku, "quantity": units + elsewhere} for sku, units, elsewhere in shelves]
        bling.control.post("products", account=self._account.id, products=rows)
        self._opening = self.units()
        self._counted = Counter[str]()
        self._world = World(bling, shop)
        # Merchants connect days apart; ten within a minute are all that the product allows itself.
        TokenCall.objects.all().delete()
        self._world.connect(Mode.MOVEMENT)
        self._world.do_import()

    def units(self) -> Units:
        """What the company really has of each SKU."""
        deposit = self._account.default_deposit.id
        known = self._account.products.values()
        return {product.sku: int(self._account.stock.balance(product.id, deposit).physical) for product in known}

    def count(self, sku: str, delta: int) -> None:
        """A person at Bling's screen has found more units, or fewer."""
        product = next(known for known in self._account.products.values() if known.sku == sku)
        deposit = self._account.default_deposit.id
        self._account.stock.book(product, deposit, "E" if delta > 0 else "S", Decimal(abs(delta)), "a person")
        self._counted[sku] += delta
        self._world.read()

    def push(self) -> None:
        """A worker tells Bling what is due."""
        self._world.push()

    def settle(self) -> None:
        """Everything is told, and read again."""
        self._world.push()
        self._world.read()

    def disagreements(self, due: dict[str, Units]) -> list[str]:
        """Where its books are not what they were, less what the orders have to take off, each call booked once."""
        taken = sum((Counter(units) for units in due.values()), Counter[str]())
        has = self.units()
        left = {sku: self._opening[sku] + self._counted[sku] - taken[sku] for sku in SKUS}
        wrong = [f"Bling has {has[sku]} {sku}, it has to have {left[sku]}" for sku in SKUS if has[sku] != left[sku]]
        booked = [movement for movement in self._account.stock.movements if movement.origin == "api"]
        calls = Push.objects.filter(shop=self._shop, state__in=(PushState.SENT, PushState.SETTLED), carried_by=None)
        told = {str(one.key): (one.kind == "sale", one.told_units) for one in calls}
        heard = [(_key(one), (one.operation == "S", int(one.quantity))) for one in booked]
        if sorted(heard) != sorted(told.items()):
            wrong.append(f"Bling booked {sorted(heard)}, it was told {sorted(told.items())}")
        open_still = Push.objects.filter(shop=self._shop).exclude(state__in=OVER)
        return wrong + [f"of {one.order_id} a push is {one.state}: {one.error}" for one in open_still]


def _key(movement: Movement) -> str:
    found = KEY.search(movement.note)
    return found[1] if found else movement.note
