"""Lost answers: never resent blindly, but resolved by what Bling shows, or put before the merchant."""

import pytest
from pytest_django import Settings

from bling_sync import shop_work, sweeper
from bling_sync.models import Product, Push
from bling_sync.outbox import claim, decide, deliver, outcome
from reservations import engine
from tests.bling_sync.world import FIRST, World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def silent(world: World) -> World:
    """A world whose webhooks never arrive."""
    world.bling.control.post("webhooks", lost=1.0)
    return world


def only(world: World) -> Push:
    return Push.objects.get(shop=world.shop)


@pytest.mark.parametrize("kind", ["error_before", "error_after", "cut_before", "cut_after", "empty", "bad_gateway"])
def test_an_answer_that_says_nothing_leaves_the_sale_unknown_and_in_flight(silent: World, kind: str) -> None:
    silent.fault(kind)
    silent.buy(quantity=2)
    shop_work.push(silent.shop.pk)
    assert silent.states() == {"unknown": 1}
    assert silent.stock().available == 8
    assert len(silent.requests_to("POST /Api/v3/estoques")) == 1


def test_an_answer_that_does_not_come_in_time_leaves_the_sale_unknown(silent: World, settings: Settings) -> None:
    settings.BLING_TIMEOUT_SECONDS = 1
    silent.fault("slow_after", seconds=2)
    silent.buy()
    shop_work.push(silent.shop.pk)
    assert silent.states() == {"unknown": 1}


@pytest.mark.parametrize("kind", ["error_after", "cut_after", "empty"])
def test_the_balances_show_that_a_lost_sale_was_booked(silent: World, kind: str) -> None:
    silent.fault(kind)
    silent.buy(quantity=2)
    silent.push()
    silent.read()
    assert (only(silent).state, only(silent).evidence) in (("sent", "balance"), ("settled", "balance"))
    assert silent.in_bling() == (8, 8)


@pytest.mark.parametrize("kind", ["error_before", "cut_before", "bad_gateway"])
def test_the_balances_show_that_a_lost_sale_was_not_booked_and_it_is_sent_again(silent: World, kind: str) -> None:
    silent.fault(kind)
    silent.buy(quantity=2)
    silent.push()
    silent.read()
    silent.push()
    assert (only(silent).state, only(silent).evidence, only(silent).attempts) == ("sent", "answer", 2)
    assert silent.in_bling() == (8, 8)


def test_an_event_that_nobody_else_explains_settles_a_lost_sale(world: World) -> None:
    world.bling.control.post("movements", sku=FIRST, operation="E", quantity=5)
    world.fault("cut_after")
    world.buy(quantity=2)
    world.push()
    world.hear()
    world.read()
    assert only(world).evidence == "webhook"
    assert world.in_bling() == (13, 13)
    assert len(world.movements()) == 2


def test_an_event_and_the_balance_that_agree_settle_a_lost_sale_at_once(world: World, settings: Settings) -> None:
    settings.BLING_SETTLE_SECONDS = 60
    world.fault("cut_after")
    world.buy(quantity=2)
    world.push()
    world.hear()
    world.read()
    assert (only(world).state, only(world).evidence) == ("sent", "webhook")
    world.buy(quantity=3)
    world.push()
    assert world.in_bling() == (5, 5)


def test_a_lost_sale_waits_for_the_merchant_when_somebody_else_moves_the_same_units(world: World) -> None:
    world.bling.control.post("movements", sku=FIRST, operation="S", quantity=2)
    world.hear()
    world.fault("error_before")
    world.buy(quantity=2)
    world.push()
    world.bling.control.post("movements", sku=FIRST, operation="S", quantity=2)
    world.hear()
    world.read()
    push = only(world)
    assert push.state == "unknown"
    assert push.escalated_at is not None
    assert [push.before_physical, push.after_physical] == [10, 6]
    assert world.stock().available == 4


def test_a_lost_sale_waits_for_the_merchant_when_the_balance_was_set_meanwhile(world: World) -> None:
    world.fault("error_before")
    world.buy(quantity=2)
    world.push()
    world.bling.control.post("movements", sku=FIRST, operation="B", quantity=7)
    world.hear()
    world.read()
    assert only(world).escalated_at is not None


def test_a_lost_sale_is_not_taken_for_that_of_another_shop_of_the_same_company(silent: World) -> None:
    sibling = World(silent.bling)
    sibling.connect()
    sibling.do_import()
    silent.fault("error_before")
    silent.buy(quantity=2)
    silent.push()
    sibling.buy(quantity=2)
    sibling.push()
    silent.read()
    assert silent.in_bling() == (8, 8)
    assert (only(silent).state, only(silent).evidence) == ("unknown", "")
    assert only(silent).escalated_at is not None


def test_the_merchant_says_that_it_is_in_bling_and_nothing_is_sent(silent: World) -> None:
    silent.fault("cut_after")
    push = silent.buy(quantity=2)
    silent.push()
    assert decide.in_bling(only(silent), by="ana")
    silent.read()
    assert (only(silent).state, only(silent).evidence) == ("settled", "merchant")
    assert len(silent.movements()) == 1
    assert silent.stock().available == 8
    assert push.attempts == 0


def test_the_merchant_says_that_it_is_not_in_bling_and_it_is_sent_again(silent: World) -> None:
    silent.fault("cut_before")
    silent.buy(quantity=2)
    silent.push()
    assert decide.send_again(only(silent), by="ana")
    silent.push()
    assert silent.in_bling() == (8, 8)


def test_a_push_that_was_decided_meanwhile_cannot_be_decided_again(silent: World) -> None:
    silent.fault("cut_after")
    silent.buy()
    silent.push()
    lost = only(silent)
    assert decide.in_bling(lost, by="ana")
    assert not decide.send_again(lost, by="beto")
    assert len(silent.movements()) == 1


def test_other_sales_of_the_product_wait_until_a_lost_one_is_judged(silent: World) -> None:
    silent.fault("cut_after")
    silent.buy(quantity=2)
    silent.push()
    silent.buy(quantity=3)
    silent.push()
    assert silent.states() == {"pending": 1, "unknown": 1}
    silent.read()
    silent.push()
    assert silent.in_bling() == (5, 5)


def test_other_sales_go_on_once_a_lost_one_waits_for_the_merchant(world: World) -> None:
    world.fault("error_before")
    world.buy(quantity=2)
    world.push()
    world.bling.control.post("movements", sku=FIRST, operation="B", quantity=7)
    world.hear()
    world.read()
    world.buy(quantity=3)
    world.push()
    assert world.in_bling() == (4, 4)


def test_a_worker_that_died_while_sending_leaves_the_sale_unknown(silent: World, settings: Settings) -> None:
    push = silent.buy(quantity=2)
    assert claim.claim_push(silent.shop.pk) == push
    shop_work.push(silent.shop.pk)
    assert silent.states() == {"sending": 1}
    settings.BLING_TIMEOUT_SECONDS = -5
    outcome.bury_the_dead(silent.shop.pk)
    assert silent.states() == {"unknown": 1}
    settings.BLING_TIMEOUT_SECONDS = 15
    silent.read()
    silent.push()
    assert silent.in_bling() == (8, 8)
    assert engine.audit(silent.shop.pk) == []


def test_a_sender_that_waited_too_long_for_its_turn_sends_nothing(silent: World) -> None:
    silent.buy(quantity=2)
    slow = claim.claim_push(silent.shop.pk)
    assert slow is not None
    Push.objects.update(sending_at="2020-01-01T00:00:00Z")
    assert outcome.bury_the_dead(silent.shop.pk) == 1
    deliver.deliver(silent.connection, slow)
    assert silent.requests_to("POST /Api/v3/estoques") == []
    assert silent.states() == {"pending": 1}
    Push.objects.update(next_attempt_at="2020-01-01T00:00:00Z")
    silent.push()
    assert silent.in_bling() == (8, 8)


def test_a_reading_that_came_too_early_does_not_forget_the_one_that_judges(silent: World, settings: Settings) -> None:
    settings.BLING_SETTLE_SECONDS = 60
    silent.fault("cut_after")
    silent.buy(quantity=2)
    silent.push()
    silent.read()
    Product.objects.update(read_due_at=None)
    settings.BLING_SETTLE_SECONDS = 0
    Product.objects.update(read_started_at="2020-01-01T00:00:00Z", anchor_at="2020-01-01T00:00:00Z")
    assert [due.read for due in sweeper.due()] == [True]
    shop_work.read_back(silent.shop.pk)
    assert only(silent).evidence == "balance"


def test_nothing_is_concluded_from_a_reading_that_began_too_early(silent: World, settings: Settings) -> None:
    settings.BLING_SETTLE_SECONDS = 60
    silent.fault("cut_after")
    silent.buy(quantity=2)
    silent.push()
    silent.read()
    assert only(silent).state == "unknown"
    assert silent.stock().available == 6
