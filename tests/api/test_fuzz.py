"""Whatever a caller sends: a documented status, in JSON, and never an error of ours."""

from typing import Any
from urllib.parse import quote

import orjson
import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case, HookContext
from schemathesis.config import SchemathesisConfig

from reservations.api.web_process import keep_raw_path
from reservations.models import Heartbeat
from tests.api.client import Merchant, body_of
from tests.factories import numbers, stock_of

pytest_plugins = ["schemathesis.pytest.plugin"]
pytestmark = pytest.mark.django_db(transaction=True)

REFUSED = {400, 404, 409, 410, 413, 415, 422}
POSTS = ["/stock/SKU-1/reserve", "/stock/reserve", "/stock/confirm", "/stock/release", "/stock/extend"]
UNITS = 1_000_000

# A request that follows the schema may still ask for what is gone, or bring a spent idempotency key.
ACCEPTED = ["2xx", 404, 409, 410, 422]
described = schemathesis.openapi.from_wsgi(
    "/api/schema",
    keep_raw_path(get_wsgi_application()),
    config=SchemathesisConfig.from_dict({"checks": {"positive_data_acceptance": {"expected-statuses": ACCEPTED}}}),
)


@described.hook
def map_body(context: HookContext, body: Any) -> Any:
    """JSON Schema takes 1.0 for an integer, this API does not: a body sent as valid must be valid to both."""
    match body:
        case float() if body.is_integer():
            return int(body)
        case dict():
            return {name: map_body(context, value) for name, value in body.items()}
        case list():
            return [map_body(context, value) for value in body]
    return body


def _often(examples: int) -> settings:
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


@pytest.fixture
def merchant() -> Merchant:
    merchant = Merchant()
    stock_of(merchant.shop, UNITS)
    # As if a worker ran: without its heartbeat a service that is up for a minute is rightly not ready.
    Heartbeat.objects.update_or_create(name="worker", defaults={"at": timezone.now()})
    return merchant


@described.parametrize()
@_often(60)
def test_the_api_keeps_to_its_schema_whatever_is_sent(case: Case, merchant: Merchant) -> None:
    case.call_and_validate(headers=merchant.headers())


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
names = st.sampled_from(["quantity", "cart_token", "lines", "sku", "reservation_id", "reservation_ids", "order_id"])


@given(path=st.sampled_from(POSTS), sent=st.binary(max_size=200))
@_often(300)
def test_any_bytes_are_answered_with_a_refusal_or_a_hold(path: str, sent: bytes, merchant: Merchant) -> None:
    _check(merchant, path, sent)


@given(path=st.sampled_from(POSTS), body=st.dictionaries(names, json_values, max_size=4))
@_often(300)
def test_any_json_is_answered_with_a_refusal_or_a_hold(path: str, body: dict[str, Any], merchant: Merchant) -> None:
    _check(merchant, path, _spelled(body))


@given(sku=st.text(min_size=1, max_size=300), verb=st.sampled_from(["GET", "POST"]))
@_often(300)
def test_any_text_in_the_path_is_a_sku_or_refused(sku: str, verb: str, merchant: Merchant) -> None:
    encoded = quote(sku.encode(errors="surrogatepass"), safe="")
    response = merchant.send(verb, f"/stock/{encoded}" + ("/reserve" if verb == "POST" else ""))
    assert body_of(response)["code"] in {"unknown_sku", "invalid_sku"}


def _check(merchant: Merchant, path: str, sent: bytes) -> None:
    response = merchant.post(path, sent)
    body = body_of(response)
    if response.status_code == 200:
        merchant.post("/stock/release", {"reservation_id": body["reservation_id"]})
    else:
        assert response.status_code in REFUSED, (sent, body)
        assert body["code"]
        assert body["detail"]
    assert numbers(merchant.shop) == (UNITS, 0, 0)


def _spelled(body: dict[str, Any]) -> bytes:
    """As JSON, and with what Python writes though JSON has no place for it: NaN, and lone surrogates as escapes."""
    import json

    try:
        return orjson.dumps(body)
    except (TypeError, ValueError):
        return json.dumps(body).encode()
