"""The cause of a difference: right whichever comes first, and whatever else happens in the shop."""

from uuid import uuid4

import pytest
from pytest_django import Settings

from bling_sync.models import Cause, Difference
from bling_sync.reconcile import reading_schedule
from bling_sync.webhooks import event_inbox
from tests.bling_sync.test_webhooks import event
from tests.bling_sync.world import FIRST, SECOND, World

pytestmark = pytest.mark.django_db(transaction=True)


def causes(world: World, sku: str = FIRST) -> list[str]:
    rows = Difference.objects.filter(shop=world.shop, stock_item__sku=sku).exclude(cause=Cause.IN_FLIGHT)
    return list(rows.order_by("pk").values_list("cause", flat=True))


def unheard(world: World, operation: str, quantity: int) -> None:
    """Somebody moves units in Bling, and its events are on their way yet."""
    world.bling.control.post("webhooks", lost=1.0)
    world.bling.control.post("movements", sku=FIRST, operation=operation, quantity=quantity)
    world.bling.control.post("webhooks", lost=0.0)


def arrives(world: World, operation: str, quantity: int, kind: str = "stock.created", **more: object) -> None:
    """An event comes in now."""
    data = {"produto": {"id": world.product().bling_id}, "operacao": operation, "quantidade": quantity, **more}
    comes_in(world, kind, data)


def comes_in(world: World, kind: str, data: dict[str, object]) -> None:
    """Whatever event; its date is no help."""
    parsed = event_inbox.parse(
        event(kind, data, eventId=str(uuid4()), companyId=world.connection.company_id, date=None)
    )
    assert parsed is not None
    assert event_inbox.store(parsed)


@pytest.mark.parametrize(
    ("operation", "quantity", "cause"),
    [("B", 4, Cause.EDITED), ("S", 2, Cause.OTHER_CHANNEL), ("E", 2, Cause.EDITED)],
)
def test_an_event_that_comes_after_its_reading_still_names_the_cause(
    world: World, settings: Settings, operation: str, quantity: int, cause: Cause
) -> None:
    settings.BLING_SETTLE_SECONDS = 60
    unheard(world, operation, quantity)
    world.read()
    assert causes(world) == [Cause.UNKNOWN]
    arrives(world, operation, quantity)
    world.read()
    assert causes(world) == [cause]


def test_an_event_that_comes_before_its_balance_shows_still_names_the_cause(world: World, settings: Settings) -> None:
    settings.BLING_SETTLE_SECONDS = 60
    arrives(world, "S", 2)
    world.read()
    unheard(world, "S", 2)
    world.read()
    assert causes(world) == [Cause.OTHER_CHANNEL]


def test_an_event_names_the_cause_of_one_difference_and_not_of_the_next_one_too(
    world: World, settings: Settings
) -> None:
    settings.BLING_SETTLE_SECONDS = 60
    arrives(world, "S", 2)
    unheard(world, "S", 2)
    world.read()
    unheard(world, "S", 1)
    world.read()
    assert causes(world) == [Cause.OTHER_CHANNEL, Cause.UNKNOWN]


def test_the_late_echo_of_our_own_sale_explains_nobody_elses(world: World, settings: Settings) -> None:
    settings.BLING_SETTLE_SECONDS = 60
    world.bling.control.post("webhooks", lost=1.0)
    world.buy()
    world.push()
    world.bling.control.post("movements", sku=FIRST, operation="S", quantity=4)
    world.read()
    assert causes(world) == []
    assert (world.stock().available, world.stock().in_doubt) == (4, 1)
    settings.BLING_SETTLE_SECONDS = 0
    world.read()
    assert causes(world) == [Cause.UNKNOWN]
    assert world.stock().available == 5
    arrives(world, "S", 1)
    world.read()
    assert causes(world) == [Cause.UNKNOWN]


def test_units_booked_in_while_an_order_of_something_else_is_cancelled_are_an_edit(world: World) -> None:
    order = world.bling.control.post("orders", store_number="9", items=[{"sku": SECOND, "quantity": 2}])["id"]
    world.hear()
    world.read()
    world.bling.control.post(f"orders/{order}/situation", situation=12)
    world.bling.control.post("movements", sku=FIRST, operation="E", quantity=2)
    world.hear()
    world.read()
    assert causes(world) == [Cause.EDITED]
    assert causes(world, SECOND) == [Cause.OTHER_CHANNEL, Cause.CANCELLED]


def an_order_is_cancelled(world: World) -> None:
    """An order that was known before: who hears of its cancelling knows what it had taken out."""
    for situation in ({"id": 6, "valor": 0}, {"id": 12, "valor": 2}):
        comes_in(world, "order.updated", {"id": 7, "situacao": situation})


def test_units_that_a_cancelled_order_had_taken_out_come_back_by_its_cancelling(world: World) -> None:
    arrives(world, "S", 3)
    unheard(world, "S", 3)
    world.read()
    an_order_is_cancelled(world)
    arrives(world, "E", 3)
    unheard(world, "E", 3)
    world.read()
    assert causes(world) == [Cause.OTHER_CHANNEL, Cause.CANCELLED]


def test_a_late_event_tells_an_edit_from_an_order_that_was_cancelled_meanwhile(
    world: World, settings: Settings
) -> None:
    settings.BLING_SETTLE_SECONDS = 60
    an_order_is_cancelled(world)
    unheard(world, "E", 2)
    world.read()
    assert causes(world) == [Cause.UNKNOWN]
    arrives(world, "E", 2)
    world.read()
    assert causes(world) == [Cause.EDITED]


def test_units_of_a_cancelled_order_are_named_without_the_event_that_brings_them_back(
    world: World, settings: Settings
) -> None:
    settings.BLING_SETTLE_SECONDS = 60
    arrives(world, "S", 3)
    unheard(world, "S", 3)
    world.read()
    an_order_is_cancelled(world)
    unheard(world, "E", 3)
    world.read()
    assert causes(world) == [Cause.OTHER_CHANNEL, Cause.CANCELLED]


def test_what_happens_in_another_deposit_explains_nothing_here(world: World) -> None:
    arrives(world, "S", 3, deposito={"id": 999})
    unheard(world, "S", 3)
    world.read()
    assert causes(world) == [Cause.UNKNOWN]


def test_a_movement_that_a_person_deletes_in_bling_is_an_edit(world: World) -> None:
    arrives(world, "", 0, kind="stock.deleted")
    unheard(world, "B", 12)
    world.read()
    assert causes(world) == [Cause.EDITED]


def test_an_order_elsewhere_is_named_also_while_a_sale_of_ours_is_booked(world: World) -> None:
    world.bling.control.post("orders", store_number="9", items=[{"sku": FIRST, "quantity": 2}])
    world.buy()
    world.push()
    world.hear()
    reading_schedule.request_all(world.shop.pk)
    world.read()
    assert causes(world) == [Cause.OTHER_CHANNEL]
