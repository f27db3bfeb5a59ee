"""The last touch to the schema: the shape of errors, headers of answers, and which call leads to which."""

from typing import Any

from reservations.api.serializers import TARGETS

from .error_responses import leaves

Schema = dict[str, Any]

_FOLLOWERS = ("confirm", "release", "extend")
_FROM_ONE = "$response.body#/reservation_id"
_FROM_CART = "$response.body#/reservations/0/reservation_id"
_HEADERS = {
    "200": {"Idempotency-Replayed": "`true` when this is the first answer once more"},
    "401": {"WWW-Authenticate": "How to prove who calls"},
    "403": {"WWW-Authenticate": "The scope that the API key lacks"},
    "429": {"Retry-After": "Seconds"},
    "503": {"Retry-After": "Seconds"},
}


def complete(result: Schema, **_: Any) -> Schema:
    """Complete the schema that drf-spectacular drew from views and serializers."""
    result["components"].setdefault("schemas", {})["Error"] = _error()
    _close(result["components"]["schemas"])
    for methods in result["paths"].values():
        for operation in methods.values():
            _add_headers(operation)
            _require_body(operation, result["components"]["schemas"])
    _link(result["paths"]["/stock/{sku}/reserve"]["post"], _FROM_ONE)
    _link(result["paths"]["/stock/reserve"]["post"], _FROM_CART)
    return result


def _error() -> Schema:
    codes = sorted({leaf.code for leaf in leaves()})
    return {
        "type": "object",
        "description": "Why a request was refused. Programs look at `code`; `detail` is for people, in pt-BR or "
        "English by Accept-Language. Some codes bring more members.",
        "properties": {"code": {"type": "string", "enum": codes}, "detail": {"type": "string"}},
        "required": ["code", "detail"],
    }


def _close(schemas: Schema) -> None:
    """State what the serializers of requests enforce: no other members, and exactly one target."""
    for name, schema in schemas.items():
        if name.endswith("Request"):
            schema["additionalProperties"] = False
        if "reservation_ids" in schema.get("properties", ()):
            schema["oneOf"] = [{"required": [member]} for member in TARGETS]


def _require_body(operation: Schema, schemas: Schema) -> None:
    """Mark the body optional if all its members are."""
    if "requestBody" in operation:
        reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
        body = schemas[reference.rpartition("/")[2]]
        operation["requestBody"]["required"] = "required" in body or "oneOf" in body


def _add_headers(operation: Schema) -> None:
    keyed = any(parameter["name"] == "Idempotency-Key" for parameter in operation.get("parameters", ()))
    for status, response in operation["responses"].items():
        headers = _HEADERS.get(status, {}) if status != "200" or keyed else {}
        if headers:
            response["headers"] = {
                name: {"description": text, "schema": {"type": "string"}} for name, text in headers.items()
            }


def _link(operation: Schema, reservation_id: str) -> None:
    links: Schema = {
        name: {"operationId": name, "requestBody": {"reservation_id": reservation_id}} for name in _FOLLOWERS
    }
    links["readReservation"] = {"operationId": "readReservation", "parameters": {"reservation_id": reservation_id}}
    operation["responses"]["200"]["links"] = links
