"""Cart-and-checkout validations: the app's function, put in force."""

from typing import Any

from sandbox.shopify.answers.metafields import write
from sandbox.shopify.answers.resolvers import Context, connection, field, user_error
from sandbox.shopify.cursors import Connection
from sandbox.shopify.entities import Validation

MOST_ACTIVE = 25


@field("QueryRoot.validations")
def validations(_: Any, context: Context, **arguments: Any) -> Connection:
    """Those that exist."""
    return connection(context, context.store.validations.values(), arguments)


@field("QueryRoot.shopifyFunctions")
def functions(_: Any, context: Context, **arguments: Any) -> Connection:
    """The app's functions that are deployed."""
    store = context.store
    found = (store.function(handle) for handle in [*(store.rules.functions or ()), *store.functions])
    return connection(context, {known.number: known for known in found if known}.values(), arguments)


@field("Mutation.validationCreate")
def create(_: Any, context: Context, validation: dict[str, Any]) -> dict[str, Any]:
    """Make one."""
    store, handle, function_id = context.store, validation.get("functionHandle"), validation.get("functionId")
    if handle and function_id:
        return _refused("MULTIPLE_FUNCTION_IDENTIFIERS", "Only one of functionId or functionHandle may be given.")
    if not handle and not function_id:
        return _refused("MISSING_FUNCTION_IDENTIFIER", "Either functionId or functionHandle must be given.")
    function = store.function(handle) if handle else None
    if function is None:
        return _refused("FUNCTION_NOT_FOUND", f"Function {handle or function_id} not found.", "functionHandle")
    if validation["enable"] and _active(context) >= MOST_ACTIVE:
        return _refused("MAX_VALIDATIONS_ACTIVATED", f"Cannot have more than {MOST_ACTIVE} active validations.")
    made = Validation(**store.birth(), title=validation.get("title") or function.title, shopify_function=function)
    store.validations[made.number] = made
    return _apply(context, made, validation)


@field("Mutation.validationUpdate")
def update(_: Any, context: Context, node_id: str, validation: dict[str, Any]) -> dict[str, Any]:
    """Change one; a value left out goes back to its default."""
    found = context.store.find(node_id)
    if not isinstance(found, Validation):
        return _refused("NOT_FOUND", "Could not find Validation.", path="id")
    return _apply(context, found, validation)


@field("Mutation.validationDelete")
def delete(_: Any, context: Context, node_id: str) -> dict[str, Any]:
    """Take one away."""
    found = context.store.find(node_id)
    if not isinstance(found, Validation):
        error = user_error("Could not find Validation.", "id", code="NOT_FOUND")
        return {"deletedId": None, "userErrors": [error]}
    del context.store.validations[found.number]
    return {"deletedId": node_id, "userErrors": []}


def _apply(context: Context, found: Validation, values: dict[str, Any]) -> dict[str, Any]:
    found.enabled, found.block_on_failure = values["enable"], values["blockOnFailure"]
    found.title = values.get("title") or found.title
    for row in values.get("metafields", ()):
        write(context.store, {"ownerId": found.id, **row})
    context.store.touch(found)
    return {"validation": found, "userErrors": []}


def _active(context: Context) -> int:
    return sum(known.enabled for known in context.store.validations.values())


def _refused(code: str, message: str, *more: str, path: str = "validation") -> dict[str, Any]:
    return {"validation": None, "userErrors": [user_error(message, path, *more, code=code)]}
