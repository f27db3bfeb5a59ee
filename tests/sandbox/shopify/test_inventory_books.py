"""Shopify's own inventory: what happens to an order moves units between the states that add up to "on hand"."""

from typing import Any

import pytest

from sandbox.shopify.entities import ON_HAND_STATES
from tests.sandbox.shopify.client import Client

SKU = "SKU-BZC-001"


@pytest.fixture
def store(client: Client) -> Client:
    """Ten units of one product and five of another; no webhook goes anywhere."""
    return client


def books(store: Client, sku: str = SKU) -> tuple[int, int, int]:
    """(on hand, available, committed)."""
    levels: list[dict[str, int]] = list(store.variant(sku)["levels"].values())
    on_hand = sum(level[state] for level in levels for state in ON_HAND_STATES)
    return on_hand, sum(level["available"] for level in levels), sum(level["committed"] for level in levels)


def bought(store: Client, units: int = 2, **more: Any) -> int:
    return int(store.order("orders", lines=[{"sku": SKU, "quantity": units}], **more)["id"])


def financial(store: Client, number: int) -> str:
    return next(str(row["financial_status"]) for row in store.book("orders") if row["id"] == number)


def test_what_is_fulfilled_is_no_longer_on_hand(store: Client) -> None:
    number = bought(store)
    assert books(store) == (10, 8, 2)
    store.order(f"orders/{number}/fulfil", lines=[{"sku": SKU, "quantity": 1}])
    assert books(store) == (9, 8, 1)
    store.order(f"orders/{number}/fulfil")
    assert books(store) == (8, 8, 0)


@pytest.mark.parametrize("payment", ["PENDING", "AUTHORIZED", "PAID", "VOIDED", "EXPIRED"])
def test_units_stay_committed_however_the_payment_stands(store: Client, payment: str) -> None:
    number = bought(store, payment="PENDING", gateways=["Pix"], terms_due=1_800)
    store.order(f"orders/{number}/pay", payment=payment)
    assert (books(store), financial(store, number)) == ((10, 8, 2), payment.lower())


def test_an_unpaid_order_that_is_cancelled_is_void_and_a_paid_one_is_refunded(store: Client) -> None:
    unpaid, paid = bought(store, paid=False), bought(store)
    for number in (unpaid, paid):
        store.order(f"orders/{number}/cancel")
    assert (financial(store, unpaid), financial(store, paid)) == ("voided", "refunded")
    assert books(store) == (10, 10, 0)


def test_a_cancellation_without_a_refund_shows_in_the_lines_alone(store: Client) -> None:
    number = bought(store, paid=False)
    store.order(f"orders/{number}/cancel", records_refund=False)
    (order,) = store.book("orders")
    assert (order["refunds"], order["line_items"][0]["current_quantity"], books(store)) == ([], 0, (10, 10, 0))


def test_an_unfulfilled_unit_refunded_without_restocking_is_lost(store: Client) -> None:
    number = bought(store)
    store.order(f"orders/{number}/refund", lines=[{"sku": SKU}], kind="no_restock")
    assert books(store) == (9, 8, 1)


def test_a_till_sells_what_is_handed_over_at_once(store: Client) -> None:
    bought(store, source="pos")
    assert books(store) == (8, 8, 0)


def test_a_custom_item_and_an_untracked_one_move_nothing(store: Client) -> None:
    store.order("variants/change", sku="SKU-BZC-002", tracked=False)
    lines = [{"sku": "SKU-BZC-002", "quantity": 2}, {"sku": SKU, "custom": True}]
    order = store.order("orders", lines=lines)
    assert (books(store), books(store, "SKU-BZC-002")) == ((10, 10, 0), (5, 5, 0))
    assert [line["variant_id"] is None for line in order["line_items"]] == [False, True]


def test_an_order_at_another_location_takes_its_units_there(store: Client) -> None:
    place = store.order("locations", name="Depósito")["id"]
    bought(store, location=place)
    levels = store.variant()["levels"]
    assert (levels[str(place)]["available"], levels[str(place)]["committed"], store.units()) == (-2, 2, 10)


@pytest.mark.parametrize(
    ("disposition", "available"),
    [("RESTOCKED", 9), ("PROCESSING_REQUIRED", 8), ("MISSING", 8), ("NOT_RESTOCKED", 8)],
)
def test_only_a_unit_disposed_as_restocked_is_on_the_shelf_again(
    store: Client, disposition: str, available: int
) -> None:
    made = store.returned(units=2)
    assert books(store) == (8, 8, 0)
    store.order(f"returns/{made['id']}/process", lines=[{"dispositions": {disposition: 1}}])
    assert books(store) == (available, available, 0)
    (order,) = store.book("orders")
    assert (order["line_items"][0]["quantity"], order["line_items"][0]["current_quantity"]) == (2, 1)


def test_a_unit_that_needed_processing_is_restocked_once(store: Client) -> None:
    made = store.returned(units=2)
    store.order(f"returns/{made['id']}/process", lines=[{"dispositions": {"PROCESSING_REQUIRED": 2}}])
    store.order(f"returns/{made['id']}/dispose", kind="RESTOCKED", quantity=1)
    assert books(store) == (9, 9, 0)
    query = """query ($id: ID!) { return(id: $id) { reverseFulfillmentOrders(first: 1) { nodes {
      lineItems(first: 1) { nodes { dispositions { type quantity } } } } } } }"""
    found = store.ask(query, id=f"gid://shopify/Return/{made['id']}")["return"]["reverseFulfillmentOrders"]["nodes"]
    assert found[0]["lineItems"]["nodes"][0]["dispositions"] == [
        {"type": "PROCESSING_REQUIRED", "quantity": 1},
        {"type": "RESTOCKED", "quantity": 1},
    ]


@pytest.mark.parametrize("kind", ["return", "no_restock"])
def test_a_unit_of_a_return_is_on_the_shelf_once_whatever_its_refund_says(store: Client, kind: str) -> None:
    made = store.returned()
    store.order(f"returns/{made['id']}/process", lines=[{"dispositions": {"RESTOCKED": 1}}])
    store.order(f"returns/{made['id']}/refund", kind=kind)
    assert books(store) == (10, 10, 0)


def test_a_refund_may_restock_a_return_before_anybody_processes_it(store: Client) -> None:
    made = store.returned()
    store.order(f"returns/{made['id']}/refund", kind="return")
    assert books(store) == (10, 10, 0)


@pytest.mark.parametrize("confirms", [True, False])
def test_an_exchange_adds_its_line_when_it_is_confirmed_and_is_no_edit(store: Client, confirms: bool) -> None:
    made = store.returned(exchanges=[{"sku": "SKU-BZC-002", "quantity": 2}], confirms=confirms)
    assert books(store, "SKU-BZC-002") == ((5, 3, 2) if confirms else (5, 5, 0))
    store.order(f"returns/{made['id']}/process", lines=[{"dispositions": {"RESTOCKED": 1}}])
    assert (books(store), books(store, "SKU-BZC-002")) == ((10, 10, 0), (5, 3, 2))
    (order,) = store.book("orders")
    assert [(line["sku"], line["current_quantity"]) for line in order["line_items"]] == [(SKU, 0), ("SKU-BZC-002", 2)]
    query = "query ($id: ID!) { order(id: $id) { edited } }"
    assert store.ask(query, id=order["admin_graphql_api_id"]) == {"order": {"edited": False}}


def test_a_till_exchanges_in_one_act(store: Client) -> None:
    store.returned(exchanges=[{"sku": "SKU-BZC-002", "quantity": 1}], at_till=True)
    assert (books(store), books(store, "SKU-BZC-002")) == ((10, 10, 0), (4, 4, 0))


def test_a_return_is_shown_only_to_an_app_with_the_scope_for_it(store: Client) -> None:
    made = store.returned()
    query = "query ($id: ID!) { order(id: $id) { returns(first: 5) { nodes { id status } } } }"
    order = f"gid://shopify/Order/{made['order_id']}"
    expected = [{"id": f"gid://shopify/Return/{made['id']}", "status": "OPEN"}]
    assert store.ask(query, id=order)["order"]["returns"]["nodes"] == expected
    store.order("scopes", scopes=["read_orders"])
    assert store.errors(query, id=order)[0]["extensions"]["code"] == "ACCESS_DENIED"
