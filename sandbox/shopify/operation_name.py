"""Naming a GraphQL request by its first field, for the request log and for faults."""

import re

from sandbox.web import Request

_BODY = re.compile(r"\{\s*(?:\w+\s*:\s*)?(\w+)")


def first_field(request: Request) -> str:
    """`inventorySetQuantities` of a mutation, `shop` of a query; empty when it cannot be read."""
    try:
        query = str(request.json().get("query", ""))
    except (ValueError, AttributeError):
        return ""
    text = re.sub(r"\([^()]*\)|#[^\n]*", "", query)
    match = _BODY.search(text)
    return match[1] if match else ""
