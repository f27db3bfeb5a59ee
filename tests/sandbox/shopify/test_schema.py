"""The stand-in's schema is a part of Shopify's own, and covers all that the service asks."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    DocumentNode,
    EnumTypeDefinitionNode,
    OperationDefinitionNode,
    TypeDefinitionNode,
    TypeSystemDefinitionNode,
    build_schema,
    parse,
    print_ast,
    separate_operations,
    validate,
)

from basico_stock.environment import REPOSITORY
from sandbox.shopify.schema_files import ANSWERED, SCHEMA
from tests.sandbox.shopify.client import Client, new_key
from tests.support.requirement import is_required, told

FULL = REPOSITORY.parent / "shared" / "specs" / "shopify-admin.graphql"
OURS = sorted((REPOSITORY / "reservations").rglob("*.graphql"))
needs_full = pytest.mark.skipif(
    not FULL.is_file() and not is_required("REQUIRE_SHARED"),
    reason=told(f"{FULL.name}, Shopify's own schema, is not beside this repository", "REQUIRE_SHARED"),
)


@cache
def _types(path: Path) -> dict[str, TypeSystemDefinitionNode]:
    document = parse(path.read_text(), no_location=True)
    named = [d for d in document.definitions if isinstance(d, TypeDefinitionNode)]
    return {definition.name.value: definition for definition in named}


def _members(definition: Any) -> dict[str, Any]:
    """Fields with their type, input fields, or enum values, by name."""
    if isinstance(definition, EnumTypeDefinitionNode):
        return {value.name.value: None for value in definition.values or ()}
    return {field.name.value: print_ast(field.type) for field in getattr(definition, "fields", None) or ()}


def _arguments(definition: Any) -> dict[tuple[str, str], str]:
    return {
        (field.name.value, argument.name.value): print_ast(argument.type)
        for field in getattr(definition, "fields", None) or ()
        for argument in getattr(field, "arguments", None) or ()
    }


@needs_full
def test_every_type_field_and_argument_is_one_of_shopifys() -> None:
    full = _types(FULL)
    for name, mine in _types(SCHEMA).items():
        theirs = full[name]
        assert mine.kind == theirs.kind, name
        assert _members(mine).items() <= _members(theirs).items(), name
        assert _arguments(mine).items() <= _arguments(theirs).items(), name


@needs_full
def test_no_argument_that_shopify_demands_is_left_out() -> None:
    full = _types(FULL)
    for name, mine in _types(SCHEMA).items():
        fields = set(_members(mine))
        needed = {place for place, kind in _arguments(full[name]).items() if kind.endswith("!") and place[0] in fields}
        assert needed <= set(_arguments(mine)), name


@needs_full
def test_input_types_and_enums_are_whole() -> None:
    full = _types(FULL)
    for name, mine in _types(SCHEMA).items():
        if mine.kind in ("input_object_type_definition", "enum_type_definition"):
            assert _members(mine) == _members(full[name]), name


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_the_stand_in_understands_every_document_of_the_service(path: Path) -> None:
    errors = validate(build_schema(SCHEMA.read_text()), parse(path.read_text()))
    assert errors == [], "bring it up to date: python -m sandbox.shopify.trim FULL_SCHEMA reservations/**/*.graphql"


def _document() -> DocumentNode:
    return parse(ANSWERED.read_text())


def _variables(client: Client) -> dict[str, dict[str, Any]]:
    """The variables of each operation; none where it needs none."""
    places = client.places()
    item, location = places["inventoryItemId"], places["locationId"]
    row = client.variant()
    variant = f"gid://shopify/ProductVariant/{row['variant_id']}"
    order = f"gid://shopify/Order/{client.order('orders', lines=[{'sku': 'SKU-BZC-002'}])['id']}"
    end = {"locationId": location, "changeFromQuantity": None}
    move = {
        "inventoryItemId": item,
        "quantity": 1,
        "from": end | {"name": "available"},
        "to": end | {"name": "damaged"},
    }
    absent = {"id": "gid://shopify/Validation/1"}
    sent_back = client.returned("SKU-BZC-002")
    page = {"first": 2}
    return {
        **dict.fromkeys(("Variants", "Products", "Items", "Locations", "Orders", "Validations", "Functions"), page),
        **dict.fromkeys(("BulkMany", "WebhookSubscriptions"), page),
        **dict.fromkeys(("BulkOne", "Level", "Validation", "ValidationDelete"), absent),
        "Variant": {"id": variant},
        "Product": {"id": f"gid://shopify/Product/{row['product_id']}"},
        "Item": {"id": item, "location": location},
        "Location": {"id": location},
        "Order": {"id": order},
        "OrderReturns": {"id": order},
        "Node": {"id": variant, "ids": [order, item]},
        "Definitions": {"owner": "PRODUCTVARIANT"},
        "Return": {"id": f"gid://shopify/Return/{sent_back['id']}"},
        "ReverseFulfillmentOrder": {
            "id": f"gid://shopify/ReverseFulfillmentOrder/{sent_back['reverse_fulfillment_order_ids'][0]}"
        },
        "SetQuantities": {
            "input": {
                "name": "available",
                "reason": "correction",
                "quantities": [{**places, "quantity": 9, "changeFromQuantity": 10}],
            }
        },
        "AdjustQuantities": {
            "input": {
                "name": "available",
                "reason": "correction",
                "changes": [{**places, "delta": 1, "changeFromQuantity": None}],
            }
        },
        "MoveQuantities": {"input": {"reason": "damaged", "referenceDocumentUri": "gid://x/y/1", "changes": [move]}},
        "Activate": {"item": item, "location": location},
        "TagsAdd": {"id": order, "tags": ["a"]},
        "TagsRemove": {"id": order, "tags": ["a"]},
        "MetafieldsSet": {"metafields": [{"ownerId": variant, "key": "k", "type": "json", "value": "{}"}]},
        "MetafieldsDelete": {"metafields": [{"ownerId": variant, "namespace": "$app", "key": "k"}]},
        "DefinitionCreate": {
            "definition": {"name": "K", "namespace": "$app", "key": "k", "type": "json", "ownerType": "PRODUCTVARIANT"}
        },
        "ValidationCreate": {"validation": {"functionHandle": "guard", "enable": True}},
        "ValidationUpdate": absent | {"validation": {"enable": False}},
        "Bulk": {"query": "{ products { edges { node { id } } } }"},
        "Cancel": {"id": order, "restock": True, "reason": "INVENTORY"},
    }


def test_every_operation_that_the_stand_in_promises_has_an_answer(client: Client) -> None:
    client.order("rules", charge=False)
    variables = _variables(client)
    for operation in _document().definitions:
        if isinstance(operation, OperationDefinitionNode) and operation.name:
            name = operation.name.value
            needs_key = any(v.variable.name.value == "key" for v in operation.variable_definitions or ())
            asked = variables.get(name, {}) | ({"key": new_key()} if needs_key else {})
            answer = client.send(_alone(name), **asked).json()
            assert "errors" not in answer, (name, answer["errors"])
            assert answer["data"], name


def _alone(name: str) -> str:
    """The document with one operation and every fragment that it uses."""
    return print_ast(separate_operations(_document())[name])
