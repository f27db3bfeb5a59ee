"""Metafields: written in one piece, compared by digest, the app's own under `$app`."""

import hashlib
import json
from typing import Any

from sandbox.shopify.answers.resolvers import Context, connection, field, user_error
from sandbox.shopify.cursors import Connection
from sandbox.shopify.entities import Definition, Metafield, gid
from sandbox.shopify.store import APP_NUMBER, Store

MOST = 25
LARGEST_BYTES = 2_000_000
OWNERS = {
    "Product": "PRODUCT",
    "ProductVariant": "PRODUCTVARIANT",
    "Order": "ORDER",
    "Location": "LOCATION",
    "Validation": "VALIDATION",
    "Shop": "SHOP",
    "AppInstallation": "API_PERMISSION",
}


@field("Mutation.metafieldsSet")
def set_all(_: Any, context: Context, metafields: list[dict[str, Any]]) -> dict[str, Any]:
    """Write up to 25 values, or none of them."""
    errors = _errors(context.store, metafields)
    if errors:
        return {"metafields": [], "userErrors": errors}
    return {"metafields": [write(context.store, row) for row in metafields], "userErrors": []}


@field("Mutation.metafieldsDelete")
def delete(_: Any, context: Context, metafields: list[dict[str, str]]) -> dict[str, Any]:
    """Take values away; null stands for what was not there."""
    store = context.store
    gone = [
        store.metafields.pop((row["ownerId"], resolve_namespace(row["namespace"]), row["key"]), None)
        for row in metafields
    ]
    deleted = [found and {"ownerId": found.owner, "namespace": found.namespace, "key": found.key} for found in gone]
    return {"deletedMetafields": deleted, "userErrors": []}


@field("Mutation.metafieldDefinitionCreate")
def define(_: Any, context: Context, definition: dict[str, Any]) -> dict[str, Any]:
    """Say what a metafield looks like."""
    namespace, key, owner = resolve_namespace(definition.get("namespace")), definition["key"], definition["ownerType"]
    store = context.store
    if any((d.namespace, d.key, d.owner_type) == (namespace, key, owner) for d in store.definitions.values()):
        taken = user_error("Key is in use for the owner type.", "definition", "key", code="TAKEN")
        return {"createdDefinition": None, "userErrors": [taken]}
    made = Definition(
        **store.birth(),
        name=definition["name"],
        namespace=namespace,
        key=key,
        owner_type=owner,
        type_name=definition["type"],
        description=definition.get("description"),
    )
    store.definitions[made.number] = made
    return {"createdDefinition": made, "userErrors": []}


@field("QueryRoot.metafieldDefinitions")
def definitions(
    _: Any, context: Context, owner_type: str, namespace: str | None = None, **arguments: Any
) -> Connection:
    """The definitions for a kind of owner."""
    wanted = None if namespace is None else resolve_namespace(namespace)
    found = [
        known
        for known in context.store.definitions.values()
        if known.owner_type == owner_type and wanted in (None, known.namespace)
    ]
    return connection(context, found, arguments)


@field("MetafieldDefinition.type")
def definition_type(definition: Definition, context: Context) -> dict[str, str]:
    """The type's name."""
    return {"name": definition.type_name}


HAVE_METAFIELDS = ("Product", "ProductVariant", "Order", "Location", "Validation", "Shop", "AppInstallation")


@field(*(f"{name}.metafield" for name in HAVE_METAFIELDS))
def one(owner: Any, context: Context, key: str, namespace: str | None = None) -> Metafield | None:
    """A value of an owner."""
    return context.store.metafields.get((_id(owner), resolve_namespace(namespace), key))


@field("ProductVariant.metafields")
def of_variant(
    owner: Any, context: Context, namespace: str | None = None, keys: list[str] | None = None, **arguments: Any
) -> Connection:
    """The values of a variant."""
    wanted = None if namespace is None else resolve_namespace(namespace)
    found = [
        known
        for (known_owner, space, key), known in context.store.metafields.items()
        if known_owner == owner.id and wanted in (None, space) and (keys is None or key in keys)
    ]
    return connection(context, found, arguments)


@field("Metafield.compareDigest")
def digest(metafield: Metafield, context: Context) -> str:
    """The digest that a compare-and-set compares."""
    return _digest(metafield)


@field("Metafield.owner")
def owner(metafield: Metafield, context: Context) -> Any:
    """What it belongs to."""
    return context.store.find(metafield.owner)


@field("Metafield.jsonValue")
def json_value(metafield: Metafield, context: Context) -> Any:
    """The value, parsed."""
    return json.loads(metafield.value) if metafield.type == "json" else metafield.value


def resolve_namespace(namespace: str | None) -> str:
    """`$app` and `$app:name` are the app's own; so is none."""
    own = f"app--{APP_NUMBER}"
    if namespace is None or namespace == "$app":
        return own
    return f"{own}--{namespace.removeprefix('$app:')}" if namespace.startswith("$app:") else namespace


def write(store: Store, row: dict[str, Any]) -> Metafield:
    """Write one value."""
    place = (row["ownerId"], resolve_namespace(row.get("namespace")), row["key"])
    known = store.metafields.get(place)
    if known is None:
        known = Metafield(
            **store.birth(),
            owner=place[0],
            owner_type=OWNERS[_kind(place[0])],
            namespace=place[1],
            key=place[2],
            type=_type(store, row) or "single_line_text_field",
            value=row["value"],
        )
        store.metafields[place] = known
    known.value = row["value"]
    store.touch(known)
    return known


def _errors(store: Store, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if len(rows) > MOST:
        message = f"Exceeded the maximum metafields input limit of {MOST}."
        return [user_error(message, "metafields", code="LESS_THAN_OR_EQUAL_TO", elementIndex=None)]
    found = ((index, _mistake(store, row)) for index, row in enumerate(rows))
    return [
        user_error(mistake[1], "metafields", str(index), mistake[2], code=mistake[0], elementIndex=index)
        for index, mistake in found
        if mistake
    ]


def _mistake(store: Store, row: dict[str, Any]) -> tuple[str, str, str] | None:
    """(code, message, field) of what is wrong with one row."""
    owner, kind = row["ownerId"], _kind(row["ownerId"])
    if kind not in OWNERS or (store.find(owner) is None and owner not in _own_ids(store)):
        return "INVALID", "Owner does not exist.", "ownerId"
    if not row["value"].strip():
        return "BLANK", "Value can't be blank.", "value"
    if len(row["value"].encode()) > LARGEST_BYTES:
        return "TOO_LONG", "Value is too long.", "value"
    known = store.metafields.get((owner, resolve_namespace(row.get("namespace")), row["key"]))
    if known is None and _type(store, row) is None:
        return "BLANK", "Type can't be blank.", "type"
    if (known.type if known else _type(store, row)) == "json" and not _is_json(row["value"]):
        return "INVALID_VALUE", "Value is invalid JSON.", "value"
    if "compareDigest" in row and row["compareDigest"] != (_digest(known) if known else None):
        return "STALE_OBJECT", "The resource has been updated since it was loaded.", "compareDigest"
    return None


def _type(store: Store, row: dict[str, Any]) -> str | None:
    if row.get("type"):
        return str(row["type"])
    place = (resolve_namespace(row.get("namespace")), row["key"], OWNERS.get(_kind(row["ownerId"])))
    defined = (d for d in store.definitions.values() if (d.namespace, d.key, d.owner_type) == place)
    return next((d.type_name for d in defined), None)


def _own_ids(store: Store) -> set[str]:
    return {gid("Shop", store.number), gid("AppInstallation", store.number)}


def _id(owner: Any) -> str:
    return str(owner["id"] if isinstance(owner, dict) else owner.id)


def _kind(owner_id: str) -> str:
    return owner_id.removeprefix("gid://shopify/").partition("/")[0]


def _digest(metafield: Metafield) -> str:
    return hashlib.sha256(metafield.value.encode()).hexdigest()


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
