"""Buyers and merchants: what they do moves inventory, and webhooks report it."""

import json
from typing import Any

import pytest

from tests.sandbox.receiver import Receiver
from tests.sandbox.shopify.client import Client


def _told(hooks: Receiver, count: int) -> dict[str, Any]:
    return {request.headers["x-shopify-topic"]: json.loads(request.body) for request in hooks.wait_for(count)}


@pytest.fixture
def quiet(client: Client) -> Client:
    """The app in a store that reports no inventory changes."""
    client.order("rules", inventory_webhooks=False)
    return client


def _buy(client: Client, quantity: int = 2, **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = client.order("orders", lines=[{"sku": "SKU-BZC-001", "quantity": quantity}], **more)
    return made


def test_an_order_takes_available_units_and_commits_them(quiet: Client) -> None:
    _buy(quiet, 3)
    assert (quiet.units("available"), quiet.units("committed")) == (7, 3)


def test_a_paid_order_is_told_twice_with_everything_that_links_it_to_a_cart(quiet: Client, hooks: Receiver) -> None:
    line = {"sku": "SKU-BZC-001", "quantity": 2, "properties": {"_bazico_hold": "h-1"}}
    quiet.order("orders", lines=[line], attributes={"_bazico_cart": "c-1"}, cart_token="Z2NwLXVz")
    told = _told(hooks, 2)
    order = told["orders/create"]
    assert set(told) == {"orders/create", "orders/paid"}
    assert order["note_attributes"] == [{"name": "_bazico_cart", "value": "c-1"}]
    assert (order["cart_token"], order["financial_status"]) == ("Z2NwLXVz", "paid")
    (row,) = order["line_items"]
    assert row["properties"] == [{"name": "_bazico_hold", "value": "h-1"}]
    assert (row["sku"], row["quantity"], row["current_quantity"], row["fulfillable_quantity"]) == (
        "SKU-BZC-001",
        2,
        2,
        2,
    )


def test_the_money_may_come_later(quiet: Client, hooks: Receiver) -> None:
    number = _buy(quiet, paid=False)["id"]
    assert _told(hooks, 1)["orders/create"]["financial_status"] == "pending"
    quiet.order(f"orders/{number}/pay")
    assert _told(hooks, 3)["orders/paid"]["financial_status"] == "paid"


def test_a_cancelled_order_gives_its_units_back_where_the_merchant_restocks(quiet: Client, hooks: Receiver) -> None:
    number = _buy(quiet)["id"]
    quiet.order(f"orders/{number}/cancel", restock=True)
    told = _told(hooks, 6)
    assert (quiet.units("available"), quiet.units("committed")) == (10, 0)
    assert told["orders/cancelled"]["cancelled_at"]
    assert told["refunds/create"]["refund_line_items"][0]["restock_type"] == "cancel"


def test_a_cancelled_order_without_restocking_gives_nothing_back(quiet: Client) -> None:
    number = _buy(quiet)["id"]
    quiet.order(f"orders/{number}/cancel", restock=False)
    assert (quiet.units("available"), quiet.units("committed")) == (8, 0)


def test_a_refund_says_of_each_line_whether_it_is_restocked(quiet: Client, hooks: Receiver) -> None:
    number = _buy(quiet, 3)["id"]
    quiet.order(f"orders/{number}/refund", lines=[{"sku": "SKU-BZC-001", "quantity": 1}], kind="return")
    quiet.order(f"orders/{number}/refund", lines=[{"sku": "SKU-BZC-001", "quantity": 1}], kind="no_restock")
    assert quiet.units("available") == 8
    hooks.wait_for(6)
    bodies = [json.loads(r.body) for r in hooks.requests if r.headers["x-shopify-topic"] == "refunds/create"]
    rows = sorted((row["restock_type"], row["quantity"]) for body in bodies for row in body["refund_line_items"])
    assert rows == [("no_restock", 1), ("return", 1)]
    assert {body["order_id"] for body in bodies} == {number}
    (order,) = quiet.book("orders")
    assert (order["line_items"][0]["quantity"], order["line_items"][0]["current_quantity"]) == (3, 1)


def test_an_edit_tells_what_was_added_and_removed_and_not_the_order(quiet: Client, hooks: Receiver) -> None:
    made = _buy(quiet, 2)
    line = made["line_items"][0]["id"]
    quiet.order(f"orders/{made['id']}/edit", line_item_id=line, delta=-1)
    edit = _told(hooks, 4)["orders/edited"]["order_edit"]
    assert edit["order_id"] == made["id"]
    assert edit["line_items"] == {"additions": [], "removals": [{"id": line, "delta": 1}]}
    added = quiet.order(f"orders/{made['id']}/edit", sku="SKU-BZC-002", delta=2, add=True)["line_item_id"]
    edit = _told(hooks, 6)["orders/edited"]["order_edit"]
    assert edit["line_items"] == {"additions": [{"id": added, "delta": 2}], "removals": []}
    assert (quiet.units(), quiet.units(sku="SKU-BZC-002")) == (9, 3)


def test_a_cart_is_told_without_attributes_and_without_the_customer(quiet: Client, hooks: Receiver) -> None:
    lines = [{"sku": "SKU-BZC-001", "quantity": 2, "properties": {"_bazico_hold": "h-1"}}]
    token = quiet.order("carts", lines=lines, is_new=True)["token"]
    quiet.order("carts", token=token, lines=[])
    told = _told(hooks, 2)
    cart = told["carts/create"]
    assert set(cart) == {"id", "token", "note", "created_at", "updated_at", "line_items"}
    assert cart["id"] == cart["token"] == told["carts/update"]["token"] == token
    (row,) = cart["line_items"]
    assert (row["sku"], row["quantity"], row["properties"]) == ("SKU-BZC-001", 2, {"_bazico_hold": "h-1"})
    assert told["carts/update"]["line_items"] == []


def test_a_carts_fill_nothing_and_hold_nothing_at_shopify(quiet: Client) -> None:
    quiet.order("carts", lines=[{"sku": "SKU-BZC-001", "quantity": 9}])
    assert quiet.units() == 10


def test_an_order_is_cancelled_through_the_api_too_but_only_once(quiet: Client, hooks: Receiver) -> None:
    number = _buy(quiet)["id"]
    cancel = """mutation ($id: ID!) {
      orderCancel(orderId: $id, reason: INVENTORY, restock: true) { job { id } orderCancelUserErrors { code } }
    }"""
    gid = f"gid://shopify/Order/{number}"
    assert quiet.ask(cancel, id=gid)["orderCancel"]["orderCancelUserErrors"] == []
    assert quiet.ask(cancel, id=gid)["orderCancel"]["orderCancelUserErrors"] == [{"code": "INVALID"}]
    assert _told(hooks, 6)["orders/cancelled"]["cancel_reason"] == "inventory"


def test_an_order_can_be_read_back_with_its_attributes(quiet: Client) -> None:
    number = _buy(quiet, attributes={"_bazico_cart": "c-1"}, cart_token="Z2N")["id"]
    query = """query ($id: ID!) { order(id: $id) {
      name cartToken cancelledAt displayFinancialStatus customAttributes { key value }
      lineItems(first: 5) { nodes { sku quantity currentQuantity } }
    } }"""
    found = quiet.ask(query, id=f"gid://shopify/Order/{number}")["order"]
    assert found["customAttributes"] == [{"key": "_bazico_cart", "value": "c-1"}]
    assert (found["cartToken"], found["cancelledAt"], found["displayFinancialStatus"]) == ("Z2N", None, "PAID")
    assert found["lineItems"]["nodes"] == [{"sku": "SKU-BZC-001", "quantity": 2, "currentQuantity": 2}]
