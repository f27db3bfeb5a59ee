"""Every GraphQL document that we send fits Shopify's own schema."""

from functools import cache
from pathlib import Path

import pytest
from graphql import GraphQLSchema, OperationDefinitionNode, build_ast_schema, parse, validate

from reservations.shopify.client.documents import FOLDER, document
from tests.support.requirement import absent

SCHEMA = Path(__file__).resolve().parents[3] / "shared" / "specs" / "shopify-admin.graphql"
NAMES = sorted(path.stem for path in FOLDER.glob("*.graphql"))


@cache
def shopifys_schema() -> GraphQLSchema:
    """Shopify's Admin schema of the version that we pin, where it lies beside this repository."""
    if not SCHEMA.is_file():
        absent(f"{SCHEMA.name}, Shopify's own schema, is not beside this repository", "REQUIRE_SHARED")
    return build_ast_schema(parse(SCHEMA.read_text("utf-8"), no_location=True), assume_valid=True)


@pytest.mark.parametrize("name", NAMES)
def test_a_document_fits_shopifys_schema(name: str) -> None:
    assert validate(shopifys_schema(), parse(document(name))) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_document_holds_one_operation_named_like_its_file(name: str) -> None:
    (operation,) = parse(document(name)).definitions
    assert isinstance(operation, OperationDefinitionNode)
    assert operation.name is not None
    assert operation.name.value == name
