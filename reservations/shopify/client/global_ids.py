"""Shopify's global ids, ``gid://shopify/<Type>/<number>``; webhooks and our tables use the number."""

import re

_GLOBAL_ID = re.compile(r"gid://shopify/[A-Za-z]+/([0-9]{1,19})(?:\?.*)?", re.DOTALL)


def global_id(kind: str, number: int | str) -> str:
    """The global id of the `kind` with this number."""
    return f"gid://shopify/{kind}/{number}"


def number(text: object) -> str:
    """The number in a global id, as text; empty when `text` is not a global id."""
    match = _GLOBAL_ID.fullmatch(text) if isinstance(text, str) else None
    return match[1] if match else ""
