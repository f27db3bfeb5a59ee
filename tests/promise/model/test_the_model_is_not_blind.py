"""Mistakes put into the engine: the model must notice each, or an engine that follows it would prove little."""

import builtins
from collections.abc import Callable
from importlib import import_module
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from reservations import engine, erp
from reservations.engine import hold_budgets
from reservations.engine.book import book, free_units, holders, rows
from reservations.engine.flash_sale import idempotency, sold_out

from .machine import ShopMachine

# Where a function of the engine hides the module of its name, the path finds the module.
extending, reserving, settling, unpaid_order, named_reservations = (
    import_module(f"reservations.engine.{name}")
    for name in ("extend", "reserve", "settle", "unpaid_order", "named_reservations")
)


in_turn = free_units._in_turn


def newest_first(known: book.Book, item: rows.ItemRow, _: int) -> list[rows.ShortfallRow]:
    return in_turn(known, item, 100)[::-1]


def take_for_the_carts_time(
    book: book.Book, row: rows.ReservationRow, units: int, order: engine.Order, _: object
) -> None:
    book.set_quantity(row, min(row.quantity, units))
    book.hand_to_order(row, order.order_id, row.expires_at)


def is_its_carts(row: rows.ReservationRow, order: engine.Order) -> bool:
    return not row.order_id and (row.cart_token in order.carts or row.id in order.holds)


MISTAKES: dict[str, tuple[object, str, Callable[..., Any] | int]] = {
    "a-carts-own-hold-counts-against-it": (reserving, "_own_hold", lambda *_: None),
    "dead-holds-keep-their-units": (free_units, "_expire_dead", lambda *_: None),
    "dead-holds-live-on": (book.Book, "is_alive", lambda _, held: held.status == "active"),
    "extending-has-no-ceiling": (extending, "min", lambda term, _: term),
    "an-order-reported-twice-is-sold-twice": (settling, "_sales", lambda *_: []),
    "an-order-leaves-its-own-holds-alone": (unpaid_order, "live_holds", lambda *_: []),
    "what-an-order-does-not-use-stays-held": (settling, "_close_carts", lambda *_: None),
    "an-unpaid-order-holds-nothing": (unpaid_order, "hold", lambda *_: 0),
    "an-unpaid-order-takes-nothing-over-from-its-cart": (unpaid_order, "_take", lambda *_: None),
    "what-an-unpaid-order-takes-over-keeps-its-carts-time": (unpaid_order, "_take", take_for_the_carts_time),
    "an-unpaid-order-is-owed-what-it-lacks": (unpaid_order, "shortfall", lambda before: before.units),
    "an-order-forgets-what-it-holds": (unpaid_order, "is_its_own", is_its_carts),
    "a-shopper-gives-back-what-an-order-holds": (named_reservations, "refuse_of_orders", lambda _: None),
    "returned-units-stay-gone": (settling, "_return_units", lambda *arguments: arguments[3]),
    "paid-back-units-are-taken-from-later-stock": (settling, "_wanted", lambda line, *_, **__: line.kept),
    "a-resolved-shortfall-is-still-owed": (rows.ShortfallRow, "withheld", 0),
    "a-kept-out-order-is-served": (book.Book, "keep_out", lambda *_: None),
    "a-free-unit-is-offered-to-a-stranger-first": (free_units, "serve", lambda *_, **__: None),
    "the-newest-payment-is-served-first": (free_units, "_in_turn", newest_first),
    "a-count-forgets-what-was-sold-since": (type(erp.backend()), "in_flight", lambda *_: erp.InFlight(0)),
    "answers-are-not-kept": (idempotency.KeyRing, "write", lambda *_: None),
    "a-sale-does-not-learn-its-order": (book.Book, "name_order", lambda *_: None),
    "a-budget-counts-no-other-cart": (holders.Holders, "living", lambda *_: []),
    "nobody-waits-after-an-unpaid-hold": (hold_budgets, "_waits_until", lambda *_: None),
    "sold-out-is-said-without-looking": (sold_out._Moment, "refuses", lambda *_: engine.OutOfStock([])),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(300)
@pytest.mark.parametrize("mistake", MISTAKES)
def test_the_model_notices_an_engine_with_a_mistake(mistake: str, monkeypatch: pytest.MonkeyPatch) -> None:
    owner, name, wrong = MISTAKES[mistake]
    # A name that is gone would leave the engine as it is; only a built-in stands in no module before.
    monkeypatch.setattr(owner, name, wrong, raising=not hasattr(builtins, name))
    with pytest.raises((AssertionError, psycopg.Error, engine.EngineError, StopIteration)):
        run_state_machine_as_test(
            ShopMachine,
            settings=settings(
                max_examples=1_000,
                stateful_step_count=40,
                deadline=None,
                database=None,
                # The same histories each time, so that no luck decides whether they show the mistake.
                derandomize=True,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )
