"""Running one GraphQL request: read, checked, paid for, executed under the lock, answered in Shopify's shape."""

from functools import cache, lru_cache
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    build_schema,
    execute_sync,
    get_operation_ast,
    parse,
    validate,
)

from sandbox.shopify import answers
from sandbox.shopify.answers import Context
from sandbox.shopify.cost import MOST_POINTS, Counter
from sandbox.shopify.schema_files import SCHEMA

# What a query or mutation needs, by its first word; what is not listed needs nothing.
SCOPES = {
    "product": "read_products",
    "inventory": "read_inventory",
    "location": "read_locations",
    "order": "read_orders",
    "return": "read_returns",
    "reverse": "read_returns",
    "inventorySet": "write_inventory",
    "inventoryAdjust": "write_inventory",
    "inventoryMove": "write_inventory",
    "inventoryActivate": "write_inventory",
    "orderCancel": "write_orders",
    "tags": "write_orders",
    "validation": "write_validations",
}


@cache
def schema() -> GraphQLSchema:
    """The trimmed schema with its resolvers."""
    built = build_schema(SCHEMA.read_text())
    for place, resolve in answers.resolvers.items():
        type_name, _, field_name = place.partition(".")
        kind = built.type_map[type_name]
        assert isinstance(kind, GraphQLObjectType)
        kind.fields[field_name].resolve = resolve
    return built


@lru_cache(maxsize=256)
def _read(query: str) -> tuple[DocumentNode, list[GraphQLError]]:
    """The document and what is wrong with it. Raises GraphQLError. An app sends the same few texts again and again."""
    document = parse(query)
    return document, validate(schema(), document)


def run(context: Context, body: dict[str, Any]) -> dict[str, Any]:
    """Answer a request's body `{query, variables, operationName}`."""
    query, variables = body.get("query"), body.get("variables") or {}
    if not isinstance(query, str) or not isinstance(variables, dict):
        return _failure("query is missing", "BAD_REQUEST")
    try:
        document, errors = _read(query)
    except GraphQLError as error:
        return {"errors": [_error(error, "PARSE_ERROR")]}
    if errors:
        return {"errors": [_error(error, "undefinedField") for error in errors]}
    operation = get_operation_ast(document, body.get("operationName"))
    if operation is None:
        return _failure("An operation name is required", "BAD_REQUEST")
    return _paid(context, document, operation, variables)


def execute(context: Context, document: DocumentNode, variables: dict[str, Any], name: str | None) -> ExecutionResult:
    """Run a checked document."""
    result = execute_sync(
        schema(),
        document,
        context_value=context,
        variable_values=variables,
        operation_name=name,
        field_resolver=answers.default,
        type_resolver=answers.typename,
    )
    assert isinstance(result, ExecutionResult)
    return result


def throttled(context: Context, points: float) -> dict[str, Any]:
    """The answer to a store that has not enough points: HTTP 200 with an error inside."""
    cost = {"requestedQueryCost": points, "actualQueryCost": None, "throttleStatus": _bucket(context).status()}
    return _failure("Throttled", "THROTTLED") | {"extensions": {"cost": cost}}


def _paid(
    context: Context, document: DocumentNode, operation: OperationDefinitionNode, variables: dict[str, Any]
) -> dict[str, Any]:
    points = Counter(schema(), document, variables).points(operation)
    if points > MOST_POINTS:
        message = f"Query cost is {points}, which exceeds the single query max cost limit ({MOST_POINTS})."
        return _failure(message, "MAX_COST_EXCEEDED")
    if context.store.rules.charge and not _bucket(context).take(points):
        return throttled(context, points)
    if denied := _denied(context, operation):
        return denied
    result = execute(context, document, variables, operation.name.value if operation.name else None)
    cost = {"requestedQueryCost": points, "actualQueryCost": points, "throttleStatus": _bucket(context).status()}
    answer: dict[str, Any] = {"data": result.data} if result.data is not None or not result.errors else {}
    if result.errors:
        answer["errors"] = [_error(error, "INTERNAL_SERVER_ERROR") for error in result.errors]
    return answer | {"extensions": {"cost": cost}}


def _denied(context: Context, operation: OperationDefinitionNode) -> dict[str, Any] | None:
    granted = set(context.store.rules.scopes)
    granted |= {scope.replace("write_", "read_") for scope in granted}
    for node in operation.selection_set.selections:
        name = getattr(getattr(node, "name", None), "value", "")
        needed = max((prefix for prefix in SCOPES if name.startswith(prefix)), key=len, default="")
        if needed and SCOPES[needed] not in granted:
            message = f"Access denied for {name} field. Required access: `{SCOPES[needed]}` access scope."
            return _failure(message, "ACCESS_DENIED") | {"data": None}
    return None


def _bucket(context: Context) -> Any:
    return context.shopify.bucket(context.store)


def _failure(message: str, code: str) -> dict[str, Any]:
    return {"errors": [{"message": message, "extensions": {"code": code}}]}


def _error(error: GraphQLError, code: str) -> dict[str, Any]:
    shown: dict[str, Any] = dict(error.formatted)
    # graphql-core raises what a resolver raised; a mistake of the stand-in must be seen as such.
    shown["extensions"] = {"code": code, **(shown.get("extensions") or {})}
    return shown
