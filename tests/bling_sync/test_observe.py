"""Mode `observe`: Bling imports the orders by itself; we write nothing, and look for each order."""

import pytest

from bling_sync import account_setup, channel_watch, housekeeping, shop_work
from bling_sync.models import Connection, Mode, ModeReason, Push
from bling_sync.outbox import observe
from plumbing import database_clock
from reservations import engine
from reservations.models import Shop
from sandbox.bling import RunningStandIn
from tests.bling_sync.world import FIRST, World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def native(bling: RunningStandIn) -> World:
    """A merchant with Bling's own Shopify channel."""
    bling.control.post("channels", type="Shopify", name="Minha loja")
    world = World(bling)
    world.connect_and_import()
    return world


def bling_imports(world: World, order_id: str, quantity: int = 1) -> int:
    """Let Bling import the order from Shopify; returns its id there."""
    made = world.bling.control.post("orders", store_number=order_id, items=[{"sku": FIRST, "quantity": quantity}])
    return int(made["id"])


def look(world: World) -> None:
    """Let the time of the next look come, and read every balance."""
    Push.objects.filter(shop=world.shop).update(next_attempt_at="2020-01-01T00:00:00Z")
    observe.look_for_orders(world.connection)
    world.read()


def test_a_shopify_channel_in_bling_keeps_us_from_writing_shopifys_inventory_too(native: World) -> None:
    assert Shop.objects.get(pk=native.shop.pk).native_channel


def test_a_shopify_channel_in_bling_means_that_we_write_nothing(native: World) -> None:
    assert (native.connection.mode, native.connection.mode_reason) == ("observe", "shopify_channel")
    native.buy(quantity=2)
    native.push()
    assert native.movements() == []
    assert native.stock().available == 8


def test_channels_that_cannot_be_read_mean_that_we_write_nothing(bling: RunningStandIn) -> None:
    bling.control.post("behaviour", missing_scopes=["canais-venda"])
    world = World(bling)
    world.connect()
    assert (world.connection.mode, world.connection.mode_reason) == ("observe", "channels_unreadable")


def test_a_sale_settles_when_its_order_reserves_the_units_in_bling(native: World) -> None:
    native.buy(quantity=2, order_id="5001")
    bling_imports(native, "5001", 2)
    look(native)
    assert native.states() == {"settled": 1}
    assert (native.stock().on_hand, native.stock().in_flight, native.stock().available) == (8, 0, 8)


def test_a_sale_whose_order_is_not_there_yet_stays_in_flight(native: World) -> None:
    native.buy(quantity=2, order_id="5001")
    bling_imports(native, "50010", 1)
    look(native)
    assert native.states() == {"pending": 1}
    assert native.stock().available == 7


def test_a_sale_stays_in_flight_while_orders_reserve_nothing_until_the_invoice_books_it_out(native: World) -> None:
    native.bling.control.post("behaviour", reservation=False)
    native.buy(quantity=2, order_id="5001")
    order = bling_imports(native, "5001", 2)
    look(native)
    assert (native.stock().on_hand, native.stock().available) == (10, 8)
    native.bling.control.post(f"orders/{order}/invoice")
    look(native)
    assert native.states() == {"settled": 1}
    assert (native.stock().on_hand, native.stock().available) == (8, 8)


def test_an_invoice_that_turns_the_reservation_into_a_booking_changes_nothing(native: World) -> None:
    native.buy(quantity=2, order_id="5001")
    order = bling_imports(native, "5001", 2)
    look(native)
    native.bling.control.post(f"orders/{order}/invoice")
    look(native)
    look(native)
    assert (native.stock().on_hand, native.stock().in_flight) == (8, 0)
    assert native.in_bling() == (8, 8)


def test_an_order_cancelled_in_bling_puts_its_units_in_flight_again(native: World) -> None:
    native.buy(quantity=2, order_id="5001")
    order = bling_imports(native, "5001", 2)
    look(native)
    native.bling.control.post(f"orders/{order}/situation", situation=12)
    look(native)
    assert native.in_bling() == (10, 10)
    assert native.stock().available == 8


def test_a_sale_that_was_returned_does_not_count_when_its_order_is_cancelled(native: World) -> None:
    push = native.buy(quantity=2, order_id="5001")
    order = bling_imports(native, "5001", 2)
    look(native)
    native.give_back(push, 2)
    native.bling.control.post(f"orders/{order}/delete")
    look(native)
    assert native.stock().available == 10
    assert native.movements() == []


def test_an_order_is_known_by_its_number_and_by_its_name(native: World) -> None:
    assert observe.spellings("gid://shopify/Order/5001") == ["5001"]
    assert observe.spellings("#1001") == ["#1001", "1001"]
    assert observe.spellings("") == []
    native.buy(order_id="gid://shopify/Order/5001")
    bling_imports(native, "5001")
    look(native)
    assert native.states() == {"settled": 1}


def test_an_order_webhook_makes_us_look_at_once(native: World) -> None:
    push = native.buy(order_id="5001")
    Push.objects.filter(pk=push.pk).update(next_attempt_at="2099-01-01T00:00:00Z")
    bling_imports(native, "5001")
    native.hear()
    native.read()
    native.push()
    native.read()
    assert native.states() == {"settled": 1}


def an_hour_later(world: World) -> None:
    Connection.objects.update(channels_read_at=database_clock.now() - channel_watch.EVERY)
    shop_work.read_back(world.shop.pk)


def test_a_channel_that_appears_later_is_noticed_and_observe_is_suggested(world: World) -> None:
    world.bling.control.post("channels", type="Shopify", name="Minha loja")
    shop_work.read_back(world.shop.pk)
    assert not Shop.objects.get(pk=world.shop.pk).native_channel
    an_hour_later(world)
    assert Shop.objects.get(pk=world.shop.pk).native_channel
    known = world.connection
    assert (known.mode, known.suggested_mode) == ("movement", "observe")
    assert housekeeping.warnings(known) == ["shopify_channel_appeared"]
    account_setup.set_mode(known, Mode.OBSERVE, ModeReason.MERCHANT)
    assert housekeeping.warnings(world.connection) == []


def test_a_channel_that_goes_is_noticed_and_movement_is_suggested(native: World) -> None:
    native.bling.control.post("channels/clear")
    an_hour_later(native)
    assert not Shop.objects.get(pk=native.shop.pk).native_channel
    assert (native.connection.mode, native.connection.suggested_mode) == ("observe", "movement")
    assert housekeeping.warnings(native.connection) == ["shopify_channel_gone"]


def test_a_choice_that_the_merchant_made_knowing_the_channel_is_not_questioned(native: World) -> None:
    account_setup.set_mode(native.connection, Mode.MOVEMENT, ModeReason.MERCHANT)
    an_hour_later(native)
    assert native.connection.suggested_mode == ""


def test_channels_that_cannot_be_read_later_change_nothing(native: World) -> None:
    native.bling.control.post("behaviour", missing_scopes=["canais-venda"])
    an_hour_later(native)
    assert Shop.objects.get(pk=native.shop.pk).native_channel
    assert (native.connection.shopify_channel, native.connection.suggested_mode) == (True, "")


def test_a_merchant_who_chooses_movement_has_what_waits_booked_out(native: World) -> None:
    native.buy(quantity=2)
    account_setup.set_mode(native.connection, Mode.MOVEMENT, ModeReason.MERCHANT)
    native.push()
    assert native.in_bling() == (8, 8)
    assert engine.audit(native.shop.pk) == []
