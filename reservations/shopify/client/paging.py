"""Read a connection of Shopify's to its end, page by page."""

from collections.abc import Iterator, Mapping
from typing import Any

from reservations.shopify.errors import ShopifyError

from . import admin_api

Node = dict[str, Any]


def nodes(
    shop_id: int, name: str, variables: Mapping[str, Any], *path: str, after: str | None = None
) -> Iterator[Node]:
    """Every node of the connection at `path` in the answers to document `name`, from the cursor `after` on.

    Raises what :func:`.admin_api.call` raises, and ShopifyError for an answer without the connection.
    """
    while True:
        found: Any = admin_api.call(shop_id, name, {**variables, "after": after})
        for member in path:
            found = found.get(member) if isinstance(found, dict) else None
        if not isinstance(found, dict):
            raise ShopifyError(f"{name}: an answer without {'.'.join(path)}")
        yield from found["nodes"]
        following = next_cursor(found)
        if following is None:
            return
        # A cursor that stays where it is would lead us round for ever.
        if following == after:
            raise ShopifyError(f"{name}: a page that leads to itself")
        after = following


def next_cursor(connection: Mapping[str, Any]) -> str | None:
    """The cursor of the page behind this one, None behind the last."""
    page = connection["pageInfo"]
    return str(page["endCursor"]) if page["hasNextPage"] else None
