"""Reading back: which figure counts, when a sale leaves the air, and the cause of every difference."""

from datetime import timedelta
from decimal import Decimal

import pytest
from pytest_django import Settings

from bling_sync import account_setup, durations, shop_work
from bling_sync.catalogue import run as imports
from bling_sync.models import Cause, Connection, Difference, Push
from bling_sync.reconcile import balance_count, reading, reading_schedule
from bling_sync.resources import balances
from bling_sync.resources.balances import Balance
from plumbing import database_clock
from reservations import engine
from tests.bling_sync.world import FIRST, SECOND, World
from tests.factories import make_shop, numbers, stock_of

pytestmark = pytest.mark.django_db(transaction=True)


def causes(world: World) -> list[str]:
    rows = Difference.objects.filter(shop=world.shop).order_by("pk")
    return list(rows.values_list("cause", flat=True))


def due_now(world: World) -> list[str]:
    return [product.sku for product in reading.due_products(world.shop.pk)]


def someone(world: World, operation: str, quantity: int) -> None:
    world.bling.control.post("movements", sku=FIRST, operation=operation, quantity=quantity)
    world.hear()
    world.read()


def test_a_reading_that_fell_by_what_we_sold_subtracts_it_once(world: World, settings: Settings) -> None:
    settings.BLING_SETTLE_SECONDS = 60
    world.buy(quantity=3)
    world.push()
    world.read()
    assert (world.stock().on_hand, world.stock().in_flight, world.stock().available) == (7, 0, 7)


def test_a_lagging_balance_never_makes_a_sold_unit_available_again(world: World, settings: Settings) -> None:
    settings.BLING_SETTLE_SECONDS = 60
    world.bling.control.post("behaviour", read_lag=30)
    world.buy(quantity=3)
    world.push()
    world.read()
    assert world.stock().available <= 7


def test_an_older_reading_never_replaces_a_newer_one(world: World) -> None:
    product, now = world.product(), database_clock.now()
    newer = balance_count.count_balance(world.connection, product, Balance(Decimal(6), Decimal(6)), now)
    older = balance_count.count_balance(
        world.connection, product, Balance(Decimal(99), Decimal(99)), now - timedelta(seconds=5)
    )
    assert newer is not None
    assert older is None
    assert world.stock().on_hand == 6


def test_a_reading_that_began_before_a_push_and_ends_after_it_does_not_settle_it(world: World) -> None:
    began = database_clock.now()
    world.buy(quantity=3)
    world.push()
    balance_count.count_balance(world.connection, world.product(), Balance(Decimal(10), Decimal(10)), began)
    assert world.stock().available == 7


def test_a_product_that_bling_leaves_out_keeps_its_last_figure(world: World) -> None:
    world.bling.control.post("behaviour", hidden_products=[world.product().bling_id])
    world.read()
    assert world.stock().on_hand == 10
    assert world.product().missing_since is not None
    world.bling.control.post("behaviour", hidden_products=[])
    world.read()
    assert world.product().missing_since is None


def test_a_balance_below_what_is_held_is_a_shortfall_that_is_recorded(world: World) -> None:
    engine.reserve(world.shop.pk, [engine.Line(FIRST, 8)])
    someone(world, "B", 3)
    assert world.stock().available == -5
    assert Difference.objects.get(cause=Cause.EDITED).short == 5


@pytest.mark.parametrize(
    ("operation", "quantity", "cause"),
    [("B", 4, Cause.EDITED), ("S", 2, Cause.OTHER_CHANNEL), ("E", 2, Cause.EDITED)],
)
def test_what_somebody_else_booked_is_named_by_its_event(
    world: World, operation: str, quantity: int, cause: Cause
) -> None:
    someone(world, operation, quantity)
    assert causes(world) == [cause]


def test_what_changed_without_any_event_has_an_unknown_cause(world: World) -> None:
    world.bling.control.post("webhooks", lost=1.0)
    someone(world, "S", 2)
    assert causes(world) == [Cause.UNKNOWN]


def test_an_order_of_another_channel_is_a_sale_there_and_its_cancelling_is_named(world: World) -> None:
    order = world.bling.control.post("orders", store_number="9", items=[{"sku": FIRST, "quantity": 2}])["id"]
    world.hear()
    world.read()
    assert world.stock().available == 8
    world.bling.control.post(f"orders/{order}/situation", situation=12)
    world.hear()
    world.read()
    assert causes(world) == [Cause.OTHER_CHANNEL, Cause.CANCELLED]
    assert world.stock().available == 10


def test_our_own_sales_are_no_difference_of_anybody_elses(world: World) -> None:
    for quantity in (1, 2):
        world.buy(quantity=quantity)
    world.settle()
    world.settle()
    assert causes(world) == []
    assert world.stock().available == 7


def test_sales_on_their_way_are_no_difference(world: World) -> None:
    world.buy(quantity=3)
    world.read()
    world.push()
    world.read()
    assert not Difference.objects.filter(shop=world.shop).exists()


def test_a_push_makes_its_product_due_a_moment_later_and_again_when_it_must_show(
    world: World, settings: Settings
) -> None:
    settings.BLING_SETTLE_SECONDS = 60
    world.buy()
    world.push()
    wanted = world.product().read_due_at
    assert wanted is not None
    assert wanted - database_clock.now() <= durations.READ_AFTER
    world.read()
    wanted = world.product().read_due_at
    assert wanted is not None
    assert timedelta(seconds=50) < wanted - database_clock.now() <= timedelta(seconds=60)


def test_every_product_is_read_every_half_hour_without_any_event(world: World) -> None:
    world.bling.control.post("webhooks", lost=1.0)
    world.bling.control.post("movements", sku=SECOND, operation="B", quantity=1)
    shop_work.read_back(world.shop.pk)
    assert world.stock(SECOND).on_hand == 5
    Connection.objects.update(all_read_at=database_clock.now() - shop_work.ALL_READ_EVERY)
    shop_work.read_back(world.shop.pk)
    assert world.stock(SECOND).on_hand == 1


def test_an_event_during_a_reading_is_read_at_once_after_it(world: World, settings: Settings) -> None:
    settings.BLING_SETTLE_SECONDS = 60
    product, began = world.product(), database_clock.now()
    reading_schedule.request_now(world.shop.pk, [product.bling_id])
    balance_count.count_balance(world.connection, product, Balance(Decimal(10), Decimal(10)), began)
    assert due_now(world) == [FIRST]


def test_what_bling_leaves_out_is_read_at_once_when_it_changes_meanwhile(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told_meanwhile(*_: object) -> dict[int, Balance]:
        reading_schedule.request_now(world.shop.pk, [world.product().bling_id])
        return {}

    monkeypatch.setattr(balances, "read", told_meanwhile)
    reading.read(world.connection, [world.product()])
    assert world.product().missing_since is not None
    assert due_now(world) == [FIRST]


def test_what_changed_is_read_before_a_round_over_all_products(world: World) -> None:
    reading_schedule.request_all(world.shop.pk)
    reading_schedule.request_now(world.shop.pk, [world.product(SECOND).bling_id])
    assert due_now(world) == [SECOND, FIRST]


def test_what_a_person_waits_for_is_read_before_a_round_over_all_products(world: World) -> None:
    reading_schedule.request_all(world.shop.pk)
    reading_schedule.request_first(world.shop.pk, world.product(SECOND).pk)
    assert due_now(world) == [SECOND, FIRST]


def test_another_deposit_is_read_at_once_and_compared_with_nothing_of_the_one_before(world: World) -> None:
    other = world.bling.control.post("deposits", name="Loja física")["id"]
    world.bling.control.post("movements", sku=FIRST, operation="E", quantity=3, deposit_id=other)
    world.hear()
    world.read()
    account_setup.set_deposit(world.connection, other)
    assert world.product().anchor_physical is None
    shop_work.read_back(world.shop.pk)
    assert world.stock().on_hand == 3
    assert causes(world) == []


def test_an_import_that_is_under_way_ends_when_another_deposit_is_chosen(world: World) -> None:
    run = imports.begin(world.connection)
    other = world.bling.control.post("deposits", name="Loja física")["id"]
    account_setup.set_deposit(world.connection, other)
    run.refresh_from_db()
    assert (run.state, run.error) == ("failed", "another deposit was chosen")


def test_a_bling_that_is_down_during_a_sale_leaves_available_right(world: World, settings: Settings) -> None:
    address = settings.BLING_API_URL
    settings.BLING_API_URL = "http://127.0.0.1:1/Api/v3"
    for _ in range(4):
        world.buy(quantity=2)
    world.push()
    reading_schedule.request_all(world.shop.pk)
    shop_work.read_back(world.shop.pk)
    assert world.stock().available == 2
    settings.BLING_API_URL = address
    Connection.objects.update(wait_until=None)
    world.push()
    Connection.objects.update(wait_until=None)
    Push.objects.update(next_attempt_at=database_clock.now())
    world.push()
    world.read()
    assert world.in_bling() == (2, 2)
    assert world.stock().available == 2


def test_a_shop_without_bling_counts_as_it_always_did() -> None:
    shop = make_shop()
    stock_of(shop, 10)
    held = engine.reserve(shop.pk, [engine.Line("SKU-1", 3)])[0]
    engine.confirm(shop.pk, engine.ByIds((held.reservation_id,)))
    stock_of(shop, 7)
    assert numbers(shop) == (7, 0, 0)
