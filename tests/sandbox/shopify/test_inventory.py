"""Inventory: compare and set, a key per operation, all or nothing, and an echo of every change."""

import json
from typing import Any

import pytest
import requests

from tests.sandbox.receiver import Receiver
from tests.sandbox.shopify.client import Client, new_key

GROUP = (
    "{ inventoryAdjustmentGroup { id changes { name delta quantityAfterChange } } userErrors { code field message } }"
)
SET = f"""mutation ($input: InventorySetQuantitiesInput!, $key: String!) {{
  inventorySetQuantities(input: $input) @idempotent(key: $key) {GROUP}
}}"""
ADJUST = f"""mutation ($input: InventoryAdjustQuantitiesInput!, $key: String!) {{
  inventoryAdjustQuantities(input: $input) @idempotent(key: $key) {GROUP}
}}"""
MOVE = f"""mutation ($input: InventoryMoveQuantitiesInput!, $key: String!) {{
  inventoryMoveQuantities(input: $input) @idempotent(key: $key) {GROUP}
}}"""


def _input(client: Client, quantity: int, expected: int | None = 10, **more: Any) -> dict[str, Any]:
    row = {**client.places(), "quantity": quantity, "changeFromQuantity": expected}
    return {"name": "available", "reason": "correction", "quantities": [row], **more}


def _set(client: Client, values: dict[str, Any], key: str | None = None) -> Any:
    return client.ask(SET, input=values, key=key or new_key())["inventorySetQuantities"]


def _code(payload: Any) -> str | None:
    return payload["userErrors"][0]["code"] if payload["userErrors"] else None


def test_a_quantity_is_set_when_it_is_what_the_caller_believes(client: Client) -> None:
    payload = _set(client, _input(client, 7))
    assert payload["userErrors"] == []
    assert payload["inventoryAdjustmentGroup"]["changes"] == [
        {"name": "available", "delta": -3, "quantityAfterChange": 7},
        {"name": "on_hand", "delta": -3, "quantityAfterChange": 7},
    ]
    assert client.units() == 7


def test_a_quantity_that_has_moved_meanwhile_is_left_alone(client: Client) -> None:
    client.order("inventory", sku="SKU-BZC-001", available=9)
    payload = _set(client, _input(client, 7, expected=10))
    assert payload["inventoryAdjustmentGroup"] is None
    assert payload["userErrors"][0]["code"] == "CHANGE_FROM_QUANTITY_STALE"
    assert payload["userErrors"][0]["field"] == ["input", "quantities", "0", "changeFromQuantity"]
    assert client.units() == 9


def test_null_opts_out_of_comparing_and_nothing_said_is_refused(client: Client) -> None:
    assert _code(_set(client, _input(client, 7, expected=None))) is None
    values = _input(client, 6)
    del values["quantities"][0]["changeFromQuantity"]
    assert "changeFromQuantity" in client.errors(SET, input=values, key=new_key())[0]["message"]
    assert client.units() == 7


def test_a_mutation_without_a_key_is_refused_before_any_effect(client: Client) -> None:
    bare = SET.replace(" @idempotent(key: $key)", "").replace(", $key: String!", "")
    error = client.errors(bare, input=_input(client, 7))[0]
    assert "@idempotent directive is required" in error["message"]
    assert client.units() == 10


def test_the_same_key_and_input_answers_again_without_a_second_effect(client: Client) -> None:
    key, values = new_key(), _input(client, 7)
    first = _set(client, values, key)
    client.order("inventory", sku="SKU-BZC-001", available=10)
    assert _set(client, values, key) == first
    assert client.units() == 10


def test_the_same_key_with_other_input_is_a_mismatch(client: Client) -> None:
    key = new_key()
    _set(client, _input(client, 7), key)
    assert _code(_set(client, _input(client, 6, expected=7), key)) == "IDEMPOTENCY_KEY_PARAMETER_MISMATCH"


def test_the_key_of_a_failed_attempt_is_spent(client: Client) -> None:
    key, stale = new_key(), _input(client, 7, expected=1)
    assert _code(_set(client, stale, key)) == "CHANGE_FROM_QUANTITY_STALE"
    assert _code(_set(client, stale, key)) == "IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED"


def test_a_lost_answer_is_asked_for_again_with_its_key(client: Client) -> None:
    key, values = new_key(), _input(client, 7)
    client.serving.control.post("faults", kind="cut_after", on="re:inventorySetQuantities")
    with pytest.raises(requests.ConnectionError):
        _set(client, values, key)
    assert client.units() == 7
    assert _set(client, values, key)["inventoryAdjustmentGroup"]["changes"][0]["delta"] == -3


def test_one_wrong_row_leaves_every_row_undone(client: Client) -> None:
    values = _input(client, 7)
    values["quantities"].append({**client.places("SKU-BZC-002"), "quantity": 1, "changeFromQuantity": 99})
    assert _code(_set(client, values)) == "CHANGE_FROM_QUANTITY_STALE"
    assert client.units() == 10


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"reason": "because"}, "INVALID_REASON"),
        ({"name": "committed"}, "INVALID_NAME"),
        ({"quantity": -1}, "INVALID_QUANTITY_NEGATIVE"),
        ({"quantity": 2_000_000_000}, "INVALID_QUANTITY_TOO_HIGH"),
        ({"inventoryItemId": "gid://shopify/InventoryItem/1"}, "INVALID_INVENTORY_ITEM"),
        ({"locationId": "gid://shopify/Location/1"}, "INVALID_LOCATION"),
    ],
)
def test_an_input_that_is_wrong_is_a_user_error_with_its_code(
    client: Client, change: dict[str, Any], code: str
) -> None:
    values = _input(client, 7)
    target = values if set(change) & set(values) else values["quantities"][0]
    target.update(change)
    assert _code(_set(client, values)) == code
    assert client.units() == 10


def test_the_same_item_twice_in_one_call_is_refused(client: Client) -> None:
    values = _input(client, 7)
    values["quantities"] *= 2
    assert _code(_set(client, values)) == "NO_DUPLICATE_INVENTORY_ITEM_ID_GROUP_ID_PAIR"


def test_an_adjustment_adds_and_may_go_below_zero(client: Client) -> None:
    row = {**client.places(), "delta": -12, "changeFromQuantity": 10}
    values = {"name": "available", "reason": "correction", "changes": [row]}
    payload = client.ask(ADJUST, input=values, key=new_key())["inventoryAdjustQuantities"]
    assert _code(payload) is None
    assert client.units() == -2


def test_a_move_keeps_what_is_on_hand(client: Client) -> None:
    places = client.places()
    end = {"locationId": places["locationId"], "changeFromQuantity": None}
    row = {
        "inventoryItemId": places["inventoryItemId"],
        "quantity": 4,
        "from": end | {"name": "available"},
        "to": end | {"name": "reserved", "ledgerDocumentUri": "gid://bazico-stock/Hold/1"},
    }
    values = {"reason": "reservation_created", "referenceDocumentUri": "gid://bazico-stock/Hold/1", "changes": [row]}
    payload = client.ask(MOVE, input=values, key=new_key())["inventoryMoveQuantities"]
    assert _code(payload) is None
    assert (client.units("available"), client.units("reserved")) == (6, 4)
    level = "query ($id: ID!, $at: ID!) { inventoryItem(id: $id) { inventoryLevel(locationId: $at) { %s } } }"
    query = level % 'quantities(names: ["on_hand", "available"]) { name quantity }'
    found = client.ask(query, id=places["inventoryItemId"], at=places["locationId"])
    assert found["inventoryItem"]["inventoryLevel"]["quantities"] == [
        {"name": "on_hand", "quantity": 10},
        {"name": "available", "quantity": 6},
    ]


def test_our_own_write_comes_back_as_a_webhook(client: Client, hooks: Receiver) -> None:
    _set(client, _input(client, 7))
    request = hooks.wait_for(1)[0]
    assert request.headers["x-shopify-topic"] == "inventory_levels/update"
    body = json.loads(request.body)
    assert (body["available"], body["inventory_item_id"]) == (7, client.variant()["inventory_item_id"])


def test_an_item_is_stocked_at_another_location_once_it_is_activated(client: Client) -> None:
    other = client.order("locations", name="Filial")["gid"]
    item = client.places()["inventoryItemId"]
    values = _input(client, 7)
    values["quantities"][0]["locationId"] = other
    assert _code(_set(client, values)) == "INVALID_LOCATION"
    activate = """mutation ($item: ID!, $at: ID!, $key: String!) {
      inventoryActivate(inventoryItemId: $item, locationId: $at, available: 3) @idempotent(key: $key) {
        inventoryLevel { quantities(names: ["available"]) { quantity } } userErrors { message }
      }
    }"""
    payload = client.ask(activate, item=item, at=other, key=new_key())["inventoryActivate"]
    assert payload["inventoryLevel"]["quantities"] == [{"quantity": 3}]
