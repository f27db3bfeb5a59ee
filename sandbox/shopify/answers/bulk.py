"""Bulk operations: a query without pages whose answer is a file of JSON lines."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from graphql import GraphQLError, parse, validate

from sandbox.shopify.answers.resolvers import Context, connection, field, user_error
from sandbox.shopify.cursors import Connection
from sandbox.shopify.entities import Bulk
from sandbox.shopify.store import Store

if TYPE_CHECKING:
    from sandbox.shopify.shopify import Shopify

RUNNING = ("CREATED", "RUNNING")


@field("Mutation.bulkOperationRunQuery")
def run(_: Any, context: Context, query: str, **__: Any) -> dict[str, Any]:
    """Begin one; a webhook and `bulkOperation(id)` tell when it is done."""
    store = context.store
    if any(bulk.status in RUNNING for bulk in store.bulks.values()):
        message = "A bulk query operation for this app and shop is already in progress"
        return {"bulkOperation": None, "userErrors": [user_error(message, code="OPERATION_IN_PROGRESS")]}
    try:
        parse(query)
    except GraphQLError as error:
        invalid = user_error(f"Invalid bulk query: {error.message}", "query", code="INVALID")
        return {"bulkOperation": None, "userErrors": [invalid]}
    bulk = Bulk(**store.birth(), query=query)
    store.bulks[bulk.number] = bulk
    context.shopify.run_bulk(store, bulk)
    return {"bulkOperation": bulk, "userErrors": []}


@field("QueryRoot.bulkOperations")
def bulks(_: Any, context: Context, **arguments: Any) -> Connection:
    """Those that were begun."""
    return connection(context, context.store.bulks.values(), arguments)


@field("BulkOperation.objectCount")
def object_count(bulk: Bulk, context: Context) -> int:
    """How many objects were written."""
    return len(bulk.lines)


@field("BulkOperation.fileSize")
def file_size(bulk: Bulk, context: Context) -> int | None:
    """The file's bytes, None while there is none."""
    return sum(len(line.encode()) + 1 for line in bulk.lines) if bulk.url else None


@field("BulkOperation.completedAt")
def completed_at(bulk: Bulk, context: Context) -> str | None:
    """When it ended."""
    return None if bulk.status in RUNNING else bulk.updated_at


def finish(shopify: "Shopify", store: Store, bulk: Bulk) -> None:
    """Run the query over everything, put its lines where they can be fetched, and tell."""
    from sandbox.shopify.execution import execute, schema

    document = parse(bulk.query)
    if validate(schema(), document):
        bulk.status, bulk.error_code = "FAILED", "INTERNAL_SERVER_ERROR"
    else:
        result = execute(Context(shopify, store, unlimited=True), document, {}, None)
        bulk.lines, bulk.root_object_count = lines(result.data or {})
        bulk.status, bulk.url = "COMPLETED", f"{shopify.url}/_bulk/{bulk.number}.jsonl"
    store.touch(bulk)
    payload = {
        "admin_graphql_api_id": bulk.id,
        "completed_at": bulk.updated_at,
        "created_at": bulk.created_at,
        "error_code": bulk.error_code,
        "status": bulk.status.lower(),
        "type": "query",
    }
    shopify.webhooks.send(store, "bulk_operations/finish", payload)


def lines(data: dict[str, Any]) -> tuple[list[str], int]:
    """The JSON lines of a query's answer, and how many of them are roots; a child names its parent."""
    roots = [node for value in data.values() for node in _nodes(value)]
    every = [line for node in roots for line in _flatten(node, None)]
    return [json.dumps(line, ensure_ascii=False) for line in every], len(roots)


def _flatten(node: dict[str, Any], parent: str | None) -> Iterator[dict[str, Any]]:
    yield _own(node) | ({"__parentId": parent} if parent else {})
    for owner, child in _children(node, node.get("id")):
        yield from _flatten(child, owner)


def _own(node: dict[str, Any]) -> dict[str, Any]:
    """The object without its connections."""
    kept = {name: value for name, value in node.items() if not _is_connection(value)}
    return {name: _own(value) if isinstance(value, dict) else value for name, value in kept.items()}


def _children(node: dict[str, Any], owner: str | None) -> Iterator[tuple[str | None, dict[str, Any]]]:
    """The nodes of its connections, each with the id of the object that the connection is of."""
    for value in node.values():
        if _is_connection(value):
            yield from ((owner, child) for child in _nodes(value))
        elif isinstance(value, dict):
            yield from _children(value, value.get("id", owner))


def _is_connection(value: Any) -> bool:
    return isinstance(value, dict) and bool(value.keys() & {"edges", "nodes"})


def _nodes(value: Any) -> list[dict[str, Any]]:
    if not _is_connection(value):
        return [value] if isinstance(value, dict) else []
    return value["nodes"] if "nodes" in value else [edge["node"] for edge in value["edges"]]
