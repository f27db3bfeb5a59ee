"""Sales of a product that wait go to Bling in one call, and share its fate until it is known not to be applied."""

import threading

import pytest
from django.db import IntegrityError, connections
from pytest_django import Settings

from bling_sync import shop_work
from bling_sync.models import Push
from bling_sync.outbox import claim, decide, outcome
from reservations import engine
from sandbox.bling import RunningStandIn
from tests.bling_sync.world import FIRST, SECOND, World
from tests.support.patience import PATIENCE_SECONDS

pytestmark = pytest.mark.django_db(transaction=True)


def booked(world: World) -> list[int]:
    """The units of each movement through the API, in order."""
    return [int(row["quantity"]) for row in world.movements()]


def pushes(world: World) -> list[Push]:
    return list(Push.objects.filter(shop=world.shop).order_by("pk"))


def lose_a_call(world: World, kind: str = "error_before") -> None:
    """Two sales, of 2 units and of 3, whose call's answer is lost."""
    world.fault(kind)
    world.buy(quantity=2)
    world.buy(quantity=3)
    shop_work.push(world.shop.pk)


def test_sales_that_wait_go_in_one_call_whose_note_names_the_orders(world: World) -> None:
    for number in range(7):
        world.buy(order_id=f"P{number}")
    world.settle()
    assert booked(world) == [7]
    note = f"Bázico: 7 vendas, pedidos P0, P1, P2, P3, P4 e mais 2 ({pushes(world)[0].key})"
    assert world.movements()[0]["note"] == note
    assert world.states() == {"settled": 7}
    assert (world.stock().on_hand, world.stock().in_flight) == (3, 0)
    assert engine.audit(world.shop.pk) == []


def test_a_call_is_of_one_product_and_carries_no_more_than_the_most(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claim, "MOST_TOGETHER", 2)
    for sku in (FIRST, SECOND, FIRST, SECOND, FIRST):
        world.buy(sku)
    world.push()
    assert booked(world) == [2, 2, 1]


def test_a_return_goes_alone_and_what_came_back_before_the_call_is_not_in_it(world: World) -> None:
    sales = [world.buy() for _ in range(2)]
    world.push()
    for sale in sales:
        world.give_back(sale, 1)
    world.buy(quantity=2)
    world.give_back(world.buy(quantity=3), 1)
    world.push()
    assert sorted(booked(world)) == [1, 1, 2, 4]
    assert world.in_bling() == (6, 6)


def test_each_order_that_we_make_goes_alone(bling: RunningStandIn) -> None:
    world = World(bling)
    world.connect(mode="order")
    world.do_import()
    for _ in range(3):
        world.buy()
    world.push()
    assert len(bling.control.get("orders")["orders"]) == 3


def test_a_lost_call_that_was_not_applied_goes_again_with_what_waits_by_then(world: World) -> None:
    lose_a_call(world)
    assert world.states() == {"unknown": 2}
    world.buy(quantity=1)
    world.push()
    assert booked(world) == []
    assert world.stock().available == 4
    world.read()
    world.push()
    assert booked(world) == [6]
    assert world.in_bling() == (4, 4)


def test_an_event_of_a_lost_call_is_known_by_the_units_of_all_its_sales(world: World) -> None:
    lose_a_call(world, "error_after")
    world.hear()
    world.read()
    assert [push.evidence for push in pushes(world)] == ["webhook", "webhook"]
    world.read()
    assert world.states() == {"settled": 2}
    assert booked(world) == [5]


def test_a_worker_that_dies_leaves_all_the_sales_of_its_call_unknown(world: World, settings: Settings) -> None:
    for _ in range(2):
        world.buy()
    assert claim.claim_push(world.shop.pk) is not None
    settings.BLING_TIMEOUT_SECONDS = -5
    outcome.bury_the_dead(world.shop.pk)
    assert world.states() == {"unknown": 2}


def test_a_call_that_bling_refuses_leaves_each_sale_to_be_decided_by_itself(world: World) -> None:
    world.buy(quantity=2)
    world.buy(quantity=3)
    world.bling.control.post("products/delete", sku=FIRST)
    world.push()
    assert world.states() == {"failed": 2}
    first, second = pushes(world)
    assert decide.in_bling(first, by="ana")
    second.refresh_from_db()
    assert (second.state, second.carried_by) == ("failed", None)


def test_whoever_decides_about_one_sale_of_a_lost_call_decides_about_all(world: World) -> None:
    lose_a_call(world, "error_after")
    first, carried = pushes(world)
    assert decide.in_bling(carried, by="ana")
    assert world.states() == {"sent": 2}
    assert not decide.send_again(first, by="beto")
    world.push()
    assert booked(world) == [5]


def test_a_call_that_the_merchant_sends_again_is_booked_once(world: World) -> None:
    lose_a_call(world)
    assert decide.send_again(pushes(world)[1], by="ana")
    world.push()
    assert booked(world) == [5]


def test_a_late_answer_of_a_sender_given_up_for_dead_changes_no_later_call(world: World, settings: Settings) -> None:
    world.buy(quantity=2)
    slow = claim.claim_push(world.shop.pk)
    assert slow is not None
    outcome.not_applied(slow, "given up", retry_after=0)
    world.buy(quantity=3)
    again = claim.claim_push(world.shop.pk)
    assert again is not None
    outcome.sent(slow)
    outcome.unknown(slow, "late")
    assert world.states() == {"sending": 2}
    outcome.sent(again)
    assert world.states() == {"sent": 2}


def test_workers_that_claim_at_once_make_one_call_of_a_product(world: World) -> None:
    for _ in range(4):
        world.buy()
    together = threading.Barrier(4)

    def work() -> None:
        together.wait(PATIENCE_SECONDS)
        claim.claim_push(world.shop.pk)
        connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for one in workers:
        one.start()
    for one in workers:
        one.join(PATIENCE_SECONDS)
    sending = Push.objects.filter(shop=world.shop, state="sending")
    callers = sending.filter(carried_by__isnull=True)
    assert callers.count() == 1
    assert set(sending.exclude(pk=callers.get().pk).values_list("carried_by", flat=True)) <= {callers.get().pk}
    assert callers.get().carries == sending.count() - 1


def test_the_database_lets_no_second_call_of_a_product_begin(world: World) -> None:
    first, second = world.buy(), world.buy()
    Push.objects.filter(pk=first.pk).update(state="sending")
    with pytest.raises(IntegrityError, match="bling_push_one_call_at_a_time"):
        Push.objects.filter(pk=second.pk).update(state="unknown")
