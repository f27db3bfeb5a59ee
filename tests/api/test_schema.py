"""The OpenAPI description says what the API does."""

from collections.abc import Iterator
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import orjson
import pytest
from django.test import Client
from django.urls import get_resolver
from drf_spectacular.validation import validate_schema
from pytest_django import Settings

from reservations.api import urls
from reservations.api.schema.docs import schema
from tests.api.client import Merchant, body_of
from tests.factories import stock_of

SCHEMA: dict[str, Any] = orjson.loads(schema())
METHODS = {"get", "post"}


def _operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in SCHEMA["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def _answers() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every body that the schema describes, with a name for it."""
    for _, _, operation in _operations():
        name = operation["operationId"]
        if "requestBody" in operation:
            yield f"{name} request", operation["requestBody"]["content"]["application/json"]
        for status, response in operation["responses"].items():
            if "application/json" in response["content"]:
                yield f"{name} {status}", response["content"]["application/json"]


def test_the_schema_is_valid_openapi_3_1() -> None:
    assert SCHEMA["openapi"] == "3.1.0"
    validate_schema(SCHEMA)  # type: ignore[no-untyped-call]


def test_every_call_of_the_contract_is_described() -> None:
    assert {operation["operationId"]: f"{method} {path}" for path, method, operation in _operations()} == {
        "readStock": "get /stock/{sku}",
        "reserve": "post /stock/{sku}/reserve",
        "reserveCart": "post /stock/reserve",
        "validateCart": "post /cart/validate",
        "confirm": "post /stock/confirm",
        "release": "post /stock/release",
        "extend": "post /stock/extend",
        "readReservation": "get /reservations/{reservation_id}",
        "healthz": "get /healthz",
        "readyz": "get /readyz",
        "metrics": "get /metrics",
        "readStockCalledReserve": "get /stock/{sku}/reserve",
        "readStockCalledReserveCart": "get /stock/reserve",
        "readStockCalledConfirm": "get /stock/confirm",
        "readStockCalledRelease": "get /stock/release",
        "readStockCalledExtend": "get /stock/extend",
    }


def test_no_address_of_the_api_is_left_out() -> None:
    routes = {
        str(pattern.pattern).replace("<sku:", "{").replace("<str:", "{").replace(">", "}")
        for pattern in urls.addresses()
    }
    assert {f"/{route}" for route in routes} - SCHEMA["paths"].keys() == {"/api/schema", "/api/docs"}
    assert get_resolver().resolve("/stock/a/reserve").func.cls.__name__ == "ReserveView"  # type: ignore[attr-defined]


@pytest.mark.parametrize(("name", "content"), list(_answers()), ids=[name for name, _ in _answers()])
def test_every_example_keeps_to_its_own_schema(name: str, content: dict[str, Any]) -> None:
    assert content["examples"], name
    for example in content["examples"].values():
        jsonschema.validate(
            example["value"],
            {**content["schema"], "components": SCHEMA["components"]},
            cls=jsonschema.Draft202012Validator,
            format_checker=jsonschema.FormatChecker(),
        )


def test_every_call_for_a_shop_wants_an_api_key_or_a_session_token() -> None:
    for path, _, operation in _operations():
        assert operation.get("security", []) == (
            [] if path in ("/healthz", "/readyz", "/metrics") else [{"ApiKey": []}, {"SessionToken": []}]
        )
    assert SCHEMA["components"]["securitySchemes"]["ApiKey"]["name"] == "Authorization"


def test_every_post_that_changes_stock_takes_an_idempotency_key() -> None:
    for _, method, operation in _operations():
        names = {parameter["name"] for parameter in operation.get("parameters", ())}
        changes = method == "post" and operation["operationId"] != "validateCart"
        assert ("Idempotency-Key" in names) == changes


@pytest.mark.parametrize("path", ["/stock/{sku}/reserve", "/stock/reserve"])
def test_a_reservation_leads_to_what_can_be_done_with_it(path: str) -> None:
    links = SCHEMA["paths"][path]["post"]["responses"]["200"]["links"]
    assert {link["operationId"] for link in links.values()} == {"confirm", "release", "extend", "readReservation"}


def test_requests_are_described_as_strictly_as_they_are_read() -> None:
    requests = {name: body for name, body in SCHEMA["components"]["schemas"].items() if name.endswith("Request")}
    assert len(requests) == 5
    for body in requests.values():
        assert body["additionalProperties"] is False
    quantity = requests["ReserveRequest"]["properties"]["quantity"]
    assert (quantity["type"], quantity["minimum"], quantity["maximum"], quantity["default"]) == (
        "integer",
        1,
        1_000_000,
        1,
    )


@pytest.mark.django_db
def test_a_real_answer_keeps_to_the_schema() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 1)
    for name, answer in (("Stock", body_of(merchant.get("/stock/SKU-1"))), ("Reservation", merchant.reserve())):
        jsonschema.validate(answer, {"$ref": f"#/components/schemas/{name}", "components": SCHEMA["components"]})


def test_the_schema_is_served_as_json() -> None:
    response = Client().get("/api/schema")
    assert (response.status_code, response["Content-Type"]) == (200, "application/json")
    assert orjson.loads(response.content) == SCHEMA


def test_the_documentation_is_read_without_any_outside_host() -> None:
    page = Client().get("/api/docs").content.decode()
    assert "/static/drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js" in page
    assert "https://" not in page
    assert "http://" not in page


def test_the_documentation_is_closed_in_production_unless_opened(settings: Settings) -> None:
    settings.DEVELOPMENT, settings.API_DOCS = False, False
    for path in ("/api/docs", "/api/schema"):
        assert body_of(Client().get(path))["code"] == "not_found"  # type: ignore[arg-type]
    settings.API_DOCS = True
    assert {Client().get(path).status_code for path in ("/api/docs", "/api/schema")} == {200}
