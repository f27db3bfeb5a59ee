"""Bulk operations as the schema shows them; `bulk_run` carries them out."""

from typing import Any

from graphql import GraphQLError, parse

from sandbox.shopify.answers.resolvers import Context, connection, field, user_error
from sandbox.shopify.cursors import Connection
from sandbox.shopify.entities import Bulk

RUNNING = ("CREATED", "RUNNING")


@field("Mutation.bulkOperationRunQuery")
def run(_: Any, context: Context, query: str, **__: Any) -> dict[str, Any]:
    """Create one, which begins after the answer; a webhook and `bulkOperation(id)` say when it is done."""
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
