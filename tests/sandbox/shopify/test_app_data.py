"""What the app writes into a store: metafields, tags, validations, bulk operations."""

import json
from typing import Any

import pytest
import requests

from tests.sandbox.receiver import Receiver
from tests.sandbox.shopify.client import Client
from tests.support.patience import PATIENCE_SECONDS, wait_until

WRITE = """mutation ($rows: [MetafieldsSetInput!]!) {
  metafieldsSet(metafields: $rows) {
    metafields { namespace key value compareDigest } userErrors { code field elementIndex message }
  }
}"""
READ = """query ($id: ID!) {
  productVariant(id: $id) { metafield(namespace: "$app", key: "guard") { value jsonValue compareDigest } }
}"""
VALIDATE = """mutation ($v: ValidationCreateInput!) {
  validationCreate(validation: $v) { validation { id enabled blockOnFailure } userErrors { code message } }
}"""


def _variant(client: Client, sku: str = "SKU-BZC-001") -> str:
    return f"gid://shopify/ProductVariant/{client.variant(sku)['variant_id']}"


def _row(client: Client, value: str = '{"free": 1}', **more: Any) -> dict[str, Any]:
    row = {"ownerId": _variant(client), "namespace": "$app", "key": "guard", "type": "json", "value": value}
    return row | more


def _write(client: Client, *rows: dict[str, Any]) -> Any:
    return client.ask(WRITE, rows=list(rows))["metafieldsSet"]


def test_a_metafield_of_the_app_is_written_and_read_under_its_reserved_namespace(client: Client) -> None:
    (written,) = _write(client, _row(client))["metafields"]
    assert written["namespace"].startswith("app--")
    found = client.ask(READ, id=_variant(client))["productVariant"]["metafield"]
    assert (found["value"], found["jsonValue"]) == ('{"free": 1}', {"free": 1})


def test_a_metafield_is_written_only_over_the_digest_that_is_named(client: Client) -> None:
    (first,) = _write(client, _row(client, compareDigest=None))["metafields"]
    assert _write(client, _row(client, compareDigest=None))["userErrors"][0]["code"] == "STALE_OBJECT"
    assert _write(client, _row(client, "{}", compareDigest=first["compareDigest"]))["userErrors"] == []
    assert (
        _write(client, _row(client, "[]", compareDigest=first["compareDigest"]))["userErrors"][0]["code"]
        == "STALE_OBJECT"
    )


def test_metafields_are_written_all_or_none(client: Client) -> None:
    payload = _write(client, _row(client), _row(client, "not json", ownerId=_variant(client, "SKU-BZC-002")))
    assert payload["metafields"] == []
    assert payload["userErrors"][0]["elementIndex"] == 1
    assert client.book("metafields") == []


def test_no_more_than_twenty_five_metafields_fit_into_a_call(client: Client) -> None:
    rows = [_row(client, key=f"k{number}") for number in range(26)]
    assert _write(client, *rows)["userErrors"][0]["code"] == "LESS_THAN_OR_EQUAL_TO"
    assert len(_write(client, *rows[:25])["metafields"]) == 25


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"value": " "}, "BLANK"),
        ({"value": "{"}, "INVALID_VALUE"),
        ({"ownerId": "gid://shopify/ProductVariant/1"}, "INVALID"),
        ({"type": None}, "BLANK"),
    ],
)
def test_a_metafield_that_is_wrong_is_a_user_error_with_its_code(
    client: Client, change: dict[str, Any], code: str
) -> None:
    assert _write(client, _row(client, **change))["userErrors"][0]["code"] == code


def test_a_deleted_metafield_is_gone_and_deleting_it_again_is_no_error(client: Client) -> None:
    _write(client, _row(client))
    delete = """mutation ($rows: [MetafieldIdentifierInput!]!) {
      metafieldsDelete(metafields: $rows) { deletedMetafields { key } userErrors { message } }
    }"""
    rows = [{"ownerId": _variant(client), "namespace": "$app", "key": "guard"}]
    assert client.ask(delete, rows=rows)["metafieldsDelete"]["deletedMetafields"] == [{"key": "guard"}]
    assert client.ask(delete, rows=rows)["metafieldsDelete"]["deletedMetafields"] == [None]
    assert client.ask(READ, id=_variant(client))["productVariant"]["metafield"] is None


def test_a_definition_gives_a_metafield_its_type(client: Client) -> None:
    define = """mutation ($d: MetafieldDefinitionInput!) {
      metafieldDefinitionCreate(definition: $d) { createdDefinition { id } userErrors { code } }
    }"""
    d = {"name": "Guard", "namespace": "$app", "key": "guard", "type": "json", "ownerType": "PRODUCTVARIANT"}
    assert client.ask(define, d=d)["metafieldDefinitionCreate"]["userErrors"] == []
    assert client.ask(define, d=d)["metafieldDefinitionCreate"]["userErrors"] == [{"code": "TAKEN"}]
    row = _row(client)
    del row["type"]
    assert _write(client, row)["userErrors"] == []


def test_tags_are_added_once_whatever_their_case(client: Client) -> None:
    number = client.order("orders", lines=[{"sku": "SKU-BZC-001"}])["id"]
    add = "mutation ($id: ID!, $t: [String!]!) { tagsAdd(id: $id, tags: $t) { node { id } userErrors { message } } }"
    order = f"gid://shopify/Order/{number}"
    for tags in (["bazico-shortfall"], ["Bazico-Shortfall", "vip, novo"]):
        assert client.ask(add, id=order, t=tags)["tagsAdd"]["userErrors"] == []
    found = client.ask("query ($id: ID!) { order(id: $id) { tags } }", id=order)
    assert found["order"]["tags"] == ["bazico-shortfall", "vip", "novo"]
    assert client.ask(add, id="gid://shopify/Order/1", t=["a"])["tagsAdd"]["userErrors"]


def test_a_validation_is_made_of_a_function_by_its_handle(client: Client) -> None:
    made = client.ask(VALIDATE, v={"functionHandle": "guard", "enable": True})["validationCreate"]
    assert (made["userErrors"], made["validation"]["enabled"]) == ([], True)
    found = client.ask("{ validations(first: 5) { nodes { id enabled shopifyFunction { handle } } } }")
    assert found["validations"]["nodes"] == [
        {"id": made["validation"]["id"], "enabled": True, "shopifyFunction": {"handle": "guard"}}
    ]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"functionHandle": "absent"}, "FUNCTION_NOT_FOUND"),
        ({}, "MISSING_FUNCTION_IDENTIFIER"),
        ({"functionHandle": "guard", "functionId": "1"}, "MULTIPLE_FUNCTION_IDENTIFIERS"),
    ],
)
def test_a_validation_without_its_function_is_refused(client: Client, values: dict[str, Any], code: str) -> None:
    client.order("rules", functions=["guard"])
    assert client.ask(VALIDATE, v=values)["validationCreate"]["userErrors"][0]["code"] == code


def test_a_twenty_sixth_active_validation_is_refused(client: Client) -> None:
    values = {"functionHandle": "guard", "enable": True}
    codes = [client.ask(VALIDATE, v=values)["validationCreate"]["userErrors"] for _ in range(26)]
    assert codes[:25] == [[]] * 25
    assert codes[25][0]["code"] == "MAX_VALIDATIONS_ACTIVATED"


def test_a_validation_is_switched_off_and_deleted(client: Client) -> None:
    number = client.ask(VALIDATE, v={"functionHandle": "guard", "enable": True})["validationCreate"]["validation"]["id"]
    update = """mutation ($id: ID!, $v: ValidationUpdateInput!) {
      validationUpdate(id: $id, validation: $v) { validation { enabled } userErrors { code } }
    }"""
    changed = client.ask(update, id=number, v={"enable": False})["validationUpdate"]
    assert changed == {"validation": {"enabled": False}, "userErrors": []}
    delete = "mutation ($id: ID!) { validationDelete(id: $id) { deletedId userErrors { code } } }"
    assert client.ask(delete, id=number)["validationDelete"]["deletedId"] == number
    assert client.ask(delete, id=number)["validationDelete"]["userErrors"] == [{"code": "NOT_FOUND"}]


def test_a_bulk_operation_writes_every_object_and_names_the_parent_of_a_child(client: Client, hooks: Receiver) -> None:
    variants = [{"sku": f"B-{n}"} for n in range(300)]
    client.order("products", products=[{"title": "T", "variants": variants}], quietly=True)
    inner = "{ products { edges { node { id title variants { edges { node { id sku } } } } } } }"
    begin = """mutation ($q: String!) {
      bulkOperationRunQuery(query: $q) { bulkOperation { id status } userErrors { code } }
    }"""
    begun = client.ask(begin, q=inner)["bulkOperationRunQuery"]
    assert begun["userErrors"] == []
    assert client.ask(begin, q=inner)["bulkOperationRunQuery"]["userErrors"] == [{"code": "OPERATION_IN_PROGRESS"}]
    told = json.loads(hooks.wait_for(1)[0].body)
    assert (told["admin_graphql_api_id"], told["status"]) == (begun["bulkOperation"]["id"], "completed")
    query = "query ($id: ID!) { bulkOperation(id: $id) { status url objectCount rootObjectCount } }"
    done = client.ask(query, id=begun["bulkOperation"]["id"])["bulkOperation"]
    rows = [json.loads(line) for line in requests.get(done["url"], timeout=PATIENCE_SECONDS).text.splitlines()]
    assert (done["status"], done["objectCount"], done["rootObjectCount"]) == ("COMPLETED", len(rows), 3)
    children = [row for row in rows if "__parentId" in row]
    assert len(children) == 302
    assert {row["__parentId"] for row in children} == {row["id"] for row in rows if "title" in row}


def test_a_bulk_query_that_cannot_be_read_is_refused(client: Client) -> None:
    begin = "mutation ($q: String!) { bulkOperationRunQuery(query: $q) { bulkOperation { id } userErrors { code } } }"
    assert client.ask(begin, q="{ products {")["bulkOperationRunQuery"]["userErrors"] == [{"code": "INVALID"}]
    failed = client.ask(begin, q="{ nonsense { id } }")["bulkOperationRunQuery"]["bulkOperation"]["id"]
    query = "query ($id: ID!) { bulkOperation(id: $id) { status } }"
    wait_until(lambda: client.ask(query, id=failed)["bulkOperation"]["status"] == "FAILED")
