"""The validation function's query fits Shopify's own schema."""

import tomllib
from functools import cache
from pathlib import Path

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLSchema,
    Node,
    SelectionSetNode,
    build_schema,
    parse,
    validate,
)

from tests.support.requirement import absent

from .places import GUARD, ROOT

SPEC = ROOT.parent / "shared" / "specs" / "shopify-cart-validation.graphql"
# Shopify's limits: https://shopify.dev/docs/api/functions#limitations
MAX_COST = 30
MAX_QUERY_BYTES = 3000
METAFIELD_COST = 3


@cache
def shopify_schema() -> GraphQLSchema:
    if not SPEC.exists():
        absent("Shopify's schema of the function's input is not beside this repository", "REQUIRE_SHARED")
    return build_schema(SPEC.read_text())


def query() -> DocumentNode:
    return parse(query_path().read_text())


def query_path() -> Path:
    settings = tomllib.loads((GUARD / "shopify.extension.toml").read_text())
    return GUARD / str(settings["extensions"][0]["targeting"][0]["input_query"])


def cost(node: Node) -> int:
    """Points as Shopify counts them: a metafield 3, any other field without a selection 1."""
    if isinstance(node, FieldNode):
        if node.name.value == "metafield":
            return METAFIELD_COST
        if node.selection_set is None:
            return 1
    selections: SelectionSetNode = node.selection_set  # type: ignore[attr-defined]
    return sum(cost(selection) for selection in selections.selections)


def test_the_query_is_valid_against_shopifys_schema() -> None:
    assert validate(shopify_schema(), query()) == []


def test_a_query_with_a_field_that_shopify_lacks_is_noticed() -> None:
    assert validate(shopify_schema(), parse("{ cart { token } }"))


def test_the_answers_members_are_those_of_shopifys_schema() -> None:
    schema = shopify_schema()
    operation = schema.get_type("ValidationAddOperation").fields  # type: ignore[union-attr]
    error = schema.get_type("ValidationError").fields  # type: ignore[union-attr]
    assert set(operation) == {"errors"}
    assert set(error) == {"message", "target"}


def test_the_query_costs_no_more_than_shopify_allows() -> None:
    (operation,) = query().definitions
    assert 0 < cost(operation) <= MAX_COST


def test_the_query_is_no_longer_than_shopify_allows() -> None:
    assert len(query_path().read_bytes()) <= MAX_QUERY_BYTES


def test_the_export_that_shopify_calls_is_the_functions_name() -> None:
    settings = tomllib.loads((GUARD / "shopify.extension.toml").read_text())
    (target,) = settings["extensions"][0]["targeting"]
    assert target["target"] == "cart.validations.generate.run"
    first, *rest = target["export"].split("-")
    name = first + "".join(word.capitalize() for word in rest)
    source = query_path().with_suffix(".js").read_text()
    assert f"export function {name}(" in source
