"""Tags of orders and products."""

from typing import Any

from sandbox.shopify.answers.resolvers import Context, field, user_error
from sandbox.shopify.entities import Order, Product

LONGEST = 255
MOST = 250


@field("Mutation.tagsAdd")
def add(_: Any, context: Context, node_id: str, tags: list[str]) -> dict[str, Any]:
    """Add tags; one that is there already, in whatever case, is not added again."""
    return _change(context, node_id, tags, adding=True)


@field("Mutation.tagsRemove")
def remove(_: Any, context: Context, node_id: str, tags: list[str]) -> dict[str, Any]:
    """Take tags away."""
    return _change(context, node_id, tags, adding=False)


def _change(context: Context, node_id: str, tags: list[str], *, adding: bool) -> dict[str, Any]:
    entity = context.store.find(node_id)
    if not isinstance(entity, Order | Product):
        return {"node": None, "userErrors": [user_error("Resource does not exist", "id")]}
    # A comma separates tags, also inside one text.
    named = [tag.strip() for text in tags for tag in text.split(",") if tag.strip()]
    if any(len(tag) > LONGEST for tag in named) or len(entity.tags) + len(named) > MOST:
        return {"node": None, "userErrors": [user_error("Tags is too long", "tags")]}
    folded = {tag.casefold() for tag in named}
    kept = [tag for tag in entity.tags if adding or tag.casefold() not in folded]
    known = {tag.casefold() for tag in kept}
    new = list(dict.fromkeys(tag for tag in named if tag.casefold() not in known)) if adding else []
    entity.tags = [*kept, *new]
    context.store.touch(entity)
    return {"node": entity, "userErrors": []}
