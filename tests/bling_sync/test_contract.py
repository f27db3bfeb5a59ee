"""Bling's own OpenAPI refuses none of our requests."""

import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from importlib import import_module
from inspect import getmembers
from pkgutil import iter_modules
from typing import Any

import pytest
from pytest_django import Settings

from bling_sync import resources
from bling_sync.client import redis_slots
from bling_sync.client.bling_api import Bling
from bling_sync.client.transport import Reply
from bling_sync.errors import ReadFailed, Refused
from bling_sync.resources import balances, channels, company, deposits, movements, products, sales_orders
from tests.bling_sync import prism
from tests.factories import make_shop

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]

BUYER = sales_orders.CounterSale(1, "Consumidor Final", 2)
REQUESTS: dict[str, Callable[[Bling], object]] = {
    "company": company.read,
    "channels": channels.has_shopify,
    "deposits": deposits.active,
    "products": lambda bling: products.page(bling, 1, 0),
    "empty products": lambda bling: products.page(bling, 2, 1),
    "overdrawn products": lambda bling: products.page(bling, 1, 2),
    "variations": lambda bling: products.page(bling, 1, 3),
    "changed products": lambda bling: products.changed_page(bling, 1, 0, datetime.now(UTC)),
    "changed variations": lambda bling: products.changed_page(bling, 1, 10, datetime.now(UTC)),
    "kit": lambda bling: products.has_virtual_stock(bling, 12345678),
    "lots": lambda bling: products.kept_by_lots(bling, [1, 2]),
    "balances": lambda bling: balances.read(bling, [1, 2, 3], 4),
    "booking out": lambda bling: movements.book(
        bling, product_id=1, deposit_id=2, operation=movements.OUT, units=3, note="Bázico"
    ),
    "booking in": lambda bling: movements.book(
        bling, product_id=1, deposit_id=2, operation=movements.IN, units=3, note="Bázico"
    ),
    "finding orders": lambda bling: sales_orders.find(bling, ["5001", "#1001"]),
    "order": lambda bling: sales_orders.detail(bling, 12345678),
    "counter": sales_orders.counter,
    "making an order": lambda bling: sales_orders.make(
        bling, BUYER, key="key", product=(1, "Camiseta", Decimal("49.90")), units=3, note="Bázico"
    ),
    "launching": lambda bling: sales_orders.launch(bling, 12345678, 2),
}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The address that serves the contract."""
    with prism.mock() as served:
        yield served


class Remembering(Bling):
    """Remembers refusals, also those that the caller lives with."""

    def __init__(self, shop_id: int) -> None:
        super().__init__(shop_id, "contract", token="x")
        self.refusals: list[str] = []

    def _call(self, *args: Any, **content: Any) -> Reply:
        try:
            return super()._call(*args, **content)
        except Refused as refusal:
            self.refusals.append(str(refusal))
            raise


@pytest.fixture
def bling(address: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Remembering:
    """A client that speaks to the contract."""
    settings.BLING_API_URL = address
    monkeypatch.setattr(redis_slots, "HELD_AFTER_ANSWER_MS", 1)
    return Remembering(make_shop().pk)


@pytest.mark.parametrize("name", REQUESTS)
def test_the_contract_takes_our_request(bling: Remembering, name: str) -> None:
    # The contract's example may lack what we look for; that is no refusal.
    with suppress(Refused, ReadFailed):
        REQUESTS[name](bling)
    assert bling.refusals == []


def test_no_request_of_ours_is_left_out() -> None:
    def asks(function: object) -> bool:
        return inspect.isfunction(function) and "bling" in inspect.signature(function).parameters

    modules = [import_module(f"{resources.__name__}.{found.name}") for found in iter_modules(resources.__path__)]
    ours = {
        f"{module.__name__.rpartition('.')[2]}.{name}"
        for module in modules
        for name, _ in getmembers(module, asks)
        if not name.startswith("_")
    }
    sent = inspect.getsource(sys.modules[__name__])
    assert len(ours) >= 13
    assert {name for name in ours if name not in sent} == set()


def test_the_contract_refuses_what_is_misspelt_so_that_the_others_mean_something(bling: Remembering) -> None:
    with pytest.raises(Refused):
        bling.post("/estoques", {"produto": {"id": 1}, "deposito": {"id": 2}, "tipoOperacao": "S", "quantidade": 1})
