"""Bulk operations under way: each runs its query without pages and leaves a file of JSON lines."""

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

from graphql import parse, validate

from sandbox.shopify.answers import Context
from sandbox.shopify.entities import Bulk
from sandbox.shopify.execution import execute, schema
from sandbox.shopify.shopify import Shopify
from sandbox.shopify.store import Store


def start_new(shopify: Shopify, store: Store) -> None:
    """Begin each operation that a request has just created, in a thread of its own."""
    for bulk in store.bulks.values():
        if bulk.status == "CREATED":
            bulk.status = "RUNNING"
            threading.Thread(target=_run, args=(shopify, store, bulk), daemon=True).start()


def _run(shopify: Shopify, store: Store, bulk: Bulk) -> None:
    time.sleep(store.rules.bulk_seconds)
    with shopify.lock:
        _finish(shopify, store, bulk)


def _finish(shopify: Shopify, store: Store, bulk: Bulk) -> None:
    """Run the query over everything, offer its lines as a file, and send the webhook."""
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
