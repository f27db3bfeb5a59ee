"""Hold budgets under attack: the lock decides them, and honest shoppers buy what an attacker may not hold.

``BUDGETS_FULL=1`` takes the sizes of a large attack.
"""

import os
from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain
from uuid import uuid4

import pytest
from django.db.models import Sum

from reservations import engine
from reservations.engine import Line, Shopper
from reservations.engine.flash_sale.lane import Lane
from reservations.models import Reservation, Shop
from tests.factories import hold, make_shop, numbers, stock_of
from tests.support.clock import jump
from tests.support.control import without_database_rules, without_lock
from tests.support.rendezvous import at_once, raised

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(1_800)]

FULL = os.environ.get("BUDGETS_FULL") == "1"
CARTS, ADDRESSES, HONEST, STOCK = (1_000, 100, 200, 1_000) if FULL else (60, 12, 20, 100)
THREADS, ROUNDS, RIVALS, WAITING = 16, 8, 6, 5
HOLD = 600


def address(number: int) -> Shopper:
    """A shopper without a number behind the address of this number."""
    return Shopper(address=f"2001:db8:0:{number:x}::/64")


def customer(number: int) -> Shopper:
    return Shopper(customer=str(number), address=f"198.51.100.{number}")


def held_unpaid(shop: Shop, sku: str = "SKU-1") -> int:
    rows = Reservation.objects.filter(shop=shop, stock_item__sku=sku, status="active")
    units: int = rows.aggregate(units=Sum("quantity", default=0))["units"]
    return units


def race_for_the_last_of_a_budget(shop: Shop) -> tuple[int, list[Exception]]:
    """One address with several carts, round after round: holds beyond its one, and every error but the refusal.

    Each cart wants another SKU too, as in ``test_controls.py``: nothing but the row's lock keeps them apart.
    """
    beyond, defects = 0, []
    for number in range(ROUNDS):
        others = [stock_of(shop, 1, f"OTHER-{number}-{rival}") for rival in range(RIVALS)]
        wanted = stock_of(shop, RIVALS, f"WANTED-{number}")
        calls = [
            partial(engine.reserve, shop.pk, [Line(wanted, 1), Line(other, 1)], cart_token=uuid4(), shopper=address(1))
            for other in others
        ]
        defects += [error for error in raised(at_once(calls)) if not isinstance(error, engine.HoldLimitReached)]
        beyond += held_unpaid(shop, wanted) - 1
    return beyond, defects


@pytest.fixture
def no_lane(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no cart be small enough for the lane, where it would share a transaction with strangers."""
    monkeypatch.setattr(Lane, "most_skus", 0)


@pytest.mark.usefixtures("no_lane")
def test_of_requests_in_one_instant_as_many_pass_as_the_budget_has_room_for() -> None:
    assert race_for_the_last_of_a_budget(make_shop(holds_per_address=1)) == (0, [])


@pytest.mark.usefixtures("no_lane")
def test_without_the_lock_a_budget_is_overdrawn() -> None:
    with without_database_rules(), without_lock():
        beyond, _ = race_for_the_last_of_a_budget(make_shop(holds_per_address=1))
        assert beyond > 0


def in_parts(calls: Sequence[Callable[[], object]]) -> list[Callable[[], list[object]]]:
    """The same calls for a few threads, each of which makes its part one after the other and goes on when refused."""

    def run(part: Sequence[Callable[[], object]]) -> list[object]:
        return [outcome(call) for call in part]

    return [partial(run, calls[start::THREADS]) for start in range(min(THREADS, len(calls)))]


def outcome(call: Callable[[], object]) -> object:
    """What the call returned, or the refusal that it raised."""
    try:
        return call()
    except engine.EngineError as refusal:
        return refusal


def attack(shop: Shop, attackers: list[Shopper], carts: int) -> list[Callable[[], object]]:
    """Each attacker with so many new carts, in turns."""
    return [
        partial(hold, shop, cart=uuid4(), shopper=attackers[number % len(attackers)])
        for number in range(carts * len(attackers))
    ]


def buy(shop: Shop, shopper: Shopper) -> None:
    held = hold(shop, cart=uuid4(), shopper=shopper)
    engine.confirm(shop.pk, engine.ByIds((held.reservation_id,)))


def test_a_script_with_new_carts_from_one_address_holds_its_budget_and_no_more() -> None:
    shop = Shop.objects.create(domain="attacked.myshopify.com")
    stock_of(shop, STOCK)
    at_once(in_parts(attack(shop, [address(1)], CARTS)))
    assert held_unpaid(shop) == shop.holds_per_address == 10
    assert engine.audit(shop.pk) == []


def test_many_addresses_hold_the_anonymous_share_and_honest_customers_buy_all_the_rest() -> None:
    shop = Shop.objects.create(domain="attacked.myshopify.com")
    stock_of(shop, STOCK)
    honest = [partial(buy, shop, customer(number)) for number in range(HONEST)]
    bots = attack(shop, [address(number) for number in range(ADDRESSES)], 10)
    calls: list[Callable[[], list[object]]] = list(chain(in_parts(bots), in_parts(honest)))
    at_once(calls)
    on_hand, reserved, sold = numbers(shop)
    assert sold == HONEST == on_hand // 5
    assert reserved <= STOCK * 80 // 100
    assert engine.audit(shop.pk) == []


def test_who_holds_again_at_each_end_gains_nothing_over_who_waits() -> None:
    shop = make_shop(hold_seconds=HOLD)
    stock_of(shop, 4)
    bot, honest = address(1), [address(number) for number in range(2, 2 + WAITING)]
    got = []
    for waiting in honest:
        for _ in range(4):
            outcome(partial(hold, shop, cart=uuid4(), shopper=bot))
        jump(shop, HOLD)
        # The script is the first to ask at the moment of the end, with names that nobody has seen.
        again = [outcome(partial(hold, shop, cart=uuid4(), shopper=bot)) for _ in range(4)]
        assert all(isinstance(answer, engine.HoldLimitReached) for answer in again)
        got.append(hold(shop, quantity=4, cart=uuid4(), shopper=waiting))
        engine.confirm(shop.pk, engine.ByIds((got[-1].reservation_id,)))
        engine.apply_count(shop.pk, "SKU-1", 4)
        jump(shop, HOLD)
    assert len(got) == len(honest)
