"""What happens around a shop that is connected to Bling, in the words of its people."""

from typing import Any
from uuid import uuid4

import pytest
import requests

from bling_sync import shop_work
from bling_sync.catalogue import run as imports
from bling_sync.models import Connection, ImportRun, Product, Push, PushState
from bling_sync.oauth import consent_request
from bling_sync.reconcile import reading_schedule
from bling_sync.resources import products
from reservations import engine
from reservations.models import Reservation, Shop
from sandbox.bling import RunningStandIn
from tests.factories import make_shop, settle_order
from tests.support.patience import PATIENCE_SECONDS

FIRST, SECOND = "SKU-BZC-001", "SKU-BZC-002"


class World:
    """One shop, and its company in the stand-in."""

    def __init__(self, bling: RunningStandIn, shop: Shop | None = None) -> None:
        self.bling = bling
        self.shop = shop or make_shop()

    @property
    def connection(self) -> Connection:
        """The shop's connection as it stands."""
        return Connection.objects.get(shop=self.shop)

    def consent(self) -> requests.Response:
        """The merchant opens the address, says yes at Bling, and comes back."""
        return requests.get(consent_request.authorization_address(self.shop), timeout=PATIENCE_SECONDS)

    def connect(self, mode: str | None = None) -> None:
        """Connect the shop; with a `mode`, the merchant chooses it."""
        assert self.consent().status_code == 200
        if mode:
            Connection.objects.filter(shop=self.shop).update(mode=mode, mode_reason="merchant")

    def connect_and_import(self, mode: str | None = None) -> None:
        """Connect the shop and import its plain products, as most tests begin."""
        self.connect(mode)
        with pytest.MonkeyPatch.context() as patch:
            # They all stand in the first listing. To look through the others costs a third of an import, and
            # tests/bling_sync/test_import.py does it.
            patch.setattr(products, "LISTINGS", products.LISTINGS[:1])
            self.do_import()

    def do_import(self, *, dry_run: bool = False, consent: bool = False) -> ImportRun:
        """Import until the run ends."""
        run = imports.begin(self.connection, dry_run=dry_run, consent=consent)
        while shop_work.import_step(run):
            pass
        run.refresh_from_db()
        return run

    def buy(self, sku: str = FIRST, quantity: int = 1, order_id: str = "") -> Push:
        """Somebody reserves and pays; the outbox row of it."""
        held = engine.reserve(self.shop.pk, [engine.Line(sku, quantity)])[0]
        engine.confirm(self.shop.pk, engine.ByIds((held.reservation_id,)), order_id=order_id or uuid4().hex[:12])
        return Push.objects.get(shop=self.shop, reservation_id=held.reservation_id, kind="sale")

    def give_back(self, push: Push, quantity: int = 1) -> None:
        """Units of that sale come back."""
        sale = Reservation.objects.get(pk=push.reservation_id)
        self.keep(push, sale.quantity - sale.returned - quantity)

    def keep(self, push: Push, units: int) -> None:
        """Shopify tells how the sale's order stands: it keeps so many units, and all that it had beyond came back."""
        settle_order(self.shop, push.order_id, units, push.stock_item.sku)

    def push(self) -> None:
        """A worker sends what is due."""
        while shop_work.push(self.shop.pk):
            pass

    def read(self) -> None:
        """A worker reads every balance."""
        reading_schedule.request_all(self.shop.pk)
        while shop_work.read_back(self.shop.pk):
            pass

    def hear(self) -> None:
        """Every webhook has arrived."""
        assert self.bling.control.post("webhooks/wait", seconds=PATIENCE_SECONDS) is not None

    def settle(self) -> None:
        """Everything that is due happens, until nothing more is."""
        self.push()
        self.hear()
        self.read()

    def in_bling(self, sku: str = FIRST) -> tuple[int, int]:
        """(physical, virtual) as Bling really has it."""
        found = self._balance(sku)
        return int(found["physical"]), int(found["virtual"])

    def movements(self) -> list[dict[str, Any]]:
        """What was booked through the API."""
        rows: list[dict[str, Any]] = self.bling.control.get("movements")["movements"]
        return [row for row in rows if row["origin"] != "opening"]

    def requests_to(self, start: str) -> list[dict[str, Any]]:
        """The requests that the stand-in got, by the beginning of "METHOD /path"."""
        rows: list[dict[str, Any]] = self.bling.control.get("requests")["requests"]
        return [row for row in rows if f"{row['method']} {row['path']}".startswith(start)]

    def fault(self, kind: str, on: str = "POST /estoques", **more: Any) -> None:
        """Let Bling misbehave."""
        self.bling.control.post("faults", kind=kind, on=on, **more)

    def product(self, sku: str = FIRST) -> Product:
        """The link to Bling's product."""
        return Product.objects.get(shop=self.shop, sku=sku)

    def stock(self, sku: str = FIRST) -> engine.Stock:
        """The three numbers."""
        return engine.stock(self.shop.pk, sku)

    def states(self) -> dict[str, int]:
        """How many pushes are in which state."""
        states = Push.objects.filter(shop=self.shop).values_list("state", flat=True)
        return {state: list(states).count(state) for state in PushState.values if state in states}

    def _balance(self, sku: str) -> dict[str, Any]:
        balances = self.bling.control.get("balances")["balances"]
        found: dict[str, Any] = next(row for row in balances if row["sku"] == sku)
        return found
