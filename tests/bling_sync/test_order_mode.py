"""Mode `order`: we make a sales order under our key and launch it once, because we can ask for the key."""

import pytest

from bling_sync import shop_work
from bling_sync.models import Push
from bling_sync.outbox import decide, order_account, order_keys
from bling_sync.resources.sales_orders import CounterSale
from sandbox.bling import RunningStandIn
from tests.bling_sync.world import World

pytestmark = pytest.mark.django_db(transaction=True)

MAKE, LAUNCH = "re:^POST /pedidos/vendas$", "re:lancar-estoque"


@pytest.fixture
def ordering(bling: RunningStandIn) -> World:
    """A merchant who wants each sale as a sales order."""
    world = World(bling)
    world.connect_and_import(mode="order")
    return world


def orders(world: World) -> list[dict[str, object]]:
    found: list[dict[str, object]] = world.bling.control.get("orders")["orders"]
    return found


def test_a_sale_becomes_one_order_that_is_launched(ordering: World) -> None:
    push = ordering.buy(quantity=2)
    ordering.push()
    assert [(order["store_number"], order["launched"]) for order in orders(ordering)] == [(str(push.key), True)]
    assert ordering.in_bling() == (8, 8)
    ordering.read()
    assert ordering.states() == {"settled": 1}


def test_many_sales_read_the_buyer_and_the_way_to_pay_once(ordering: World) -> None:
    for _ in range(3):
        ordering.buy()
    ordering.push()
    assert len(orders(ordering)) == 3
    assert len(ordering.requests_to("GET /Api/v3/contatos")) == 1
    assert len(ordering.requests_to("GET /Api/v3/formas-pagamentos")) == 1


def test_an_order_that_bling_refuses_lets_the_next_one_read_the_way_to_pay_anew(ordering: World) -> None:
    ordering.buy()
    ordering.push()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(order_account, "counter_of", lambda known, bling: CounterSale(1, "Ninguém", 2))
        refused = ordering.buy()
        ordering.push()
    refused.refresh_from_db()
    assert refused.state == "failed"
    assert decide.send_again(refused, by="ana")
    ordering.push()
    assert ordering.in_bling() == (8, 8)
    assert len(ordering.requests_to("GET /Api/v3/formas-pagamentos")) == 2


@pytest.mark.parametrize("kind", ["error_before", "error_after", "cut_before", "cut_after", "empty"])
def test_an_order_whose_answer_was_lost_is_found_by_its_key_and_made_once(ordering: World, kind: str) -> None:
    ordering.fault(kind, on=MAKE)
    ordering.buy(quantity=2)
    shop_work.push(ordering.shop.pk)
    order_keys.resolve(ordering.connection)
    ordering.push()
    assert len(orders(ordering)) == 1
    assert ordering.in_bling() == (8, 8)


@pytest.mark.parametrize("kind", ["error_before", "error_after", "cut_before", "cut_after"])
def test_a_launch_whose_answer_was_lost_is_made_once(ordering: World, kind: str) -> None:
    ordering.bling.control.post("behaviour", launch_twice=True)
    ordering.bling.control.post("webhooks", lost=1.0)
    ordering.fault(kind, on=LAUNCH)
    ordering.buy(quantity=2)
    ordering.settle()
    ordering.push()
    assert len(orders(ordering)) == 1
    assert ordering.in_bling() == (8, 8)


def test_two_orders_with_one_key_stop_for_the_merchant(ordering: World) -> None:
    ordering.fault("cut_after", on=MAKE)
    push = ordering.buy()
    shop_work.push(ordering.shop.pk)
    ordering.bling.control.post("orders", store_number=str(push.key), items=[{"sku": "SKU-BZC-001"}])
    order_keys.resolve(ordering.connection)
    push.refresh_from_db()
    assert push.state == "unknown"
    assert push.escalated_at is not None
    assert "2 orders" in push.error


def test_a_launch_that_bling_says_was_made_before_counts_as_made(ordering: World) -> None:
    ordering.fault("cut_after", on=LAUNCH)
    ordering.buy(quantity=2)
    shop_work.push(ordering.shop.pk)
    Push.objects.filter(shop=ordering.shop).update(state="pending", unknown_at=None)
    ordering.push()
    assert Push.objects.get(shop=ordering.shop).state == "sent"
    assert ordering.in_bling() == (8, 8)
