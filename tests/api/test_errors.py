"""The tree of errors: each has one code, a text in both languages, a line in the docs, and a way to happen."""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import orjson
import pytest
from django.test import Client

from reservations import engine
from reservations.api import errors
from reservations.api.input_problems import TEXTS
from reservations.api.schema.docs import schema
from reservations.api.schema.error_responses import leaves
from reservations.api.schema.examples import example
from reservations.engine import EngineError
from reservations.models import ApiKey, IdempotencyRecord
from tests.api.client import Merchant, body_of
from tests.factories import by_id, hold, hold_of_order, make_shop, outlive, stock_of
from tests.shopify.proxy.shopper import Shopper

LEAVES = sorted(leaves(), key=lambda leaf: leaf.code)
BY_CODE = {leaf.code: leaf for leaf in LEAVES}
DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "errors.md"
PLACEHOLDER = re.compile(r"\{(\w+)\}")


def test_every_code_belongs_to_one_error() -> None:
    assert [code for code, count in Counter(leaf.code for leaf in LEAVES).items() if count > 1] == []


@pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: leaf.code)
def test_an_error_says_the_same_in_both_languages(leaf: type[EngineError]) -> None:
    assert set(leaf.text) == {"pt-br", "en"}
    assert leaf.text["pt-br"] != leaf.text["en"]
    assert set(PLACEHOLDER.findall(leaf.text["pt-br"])) == set(PLACEHOLDER.findall(leaf.text["en"]))
    for language in ("pt-br", "en"):
        detail = example(leaf).detail(language)
        assert detail.endswith(".")
        assert not PLACEHOLDER.search(detail)


@pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: leaf.code)
def test_an_error_has_a_status_and_a_code_that_programs_can_match(leaf: type[EngineError]) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", leaf.code)
    assert leaf.status in {400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 429, 500, 503}
    assert (leaf.__doc__ or "").strip()


@pytest.mark.parametrize("leaf", [leaf for leaf in LEAVES if leaf.status in (429, 503)], ids=lambda leaf: leaf.code)
def test_an_error_that_passes_says_when_to_come_back(leaf: type[EngineError]) -> None:
    error = example(leaf)
    assert error.retry_after or isinstance(error, errors.Throttled)


@pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: leaf.code)
def test_an_error_is_in_the_schema(leaf: type[EngineError]) -> None:
    assert leaf.code in orjson.loads(schema())["components"]["schemas"]["Error"]["properties"]["code"]["enum"]


@pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: leaf.code)
def test_an_error_has_its_row_in_the_documentation(leaf: type[EngineError]) -> None:
    rows = re.findall(rf"^\| `{leaf.code}` \| (\d.+) \|$", DOCUMENT.read_text(), re.MULTILINE)
    assert len(rows) == 1, leaf.code
    status, detail, kept, retry, advice = (cell.strip() for cell in rows[0].split("|"))
    assert status == str(leaf.status)
    assert detail == leaf.text["pt-br"]
    assert (kept == "yes") == (leaf.status in (404, 410) and not issubclass(leaf, errors.ApiError))
    assert (retry == "`Retry-After`") == (leaf.retry_after is not None or leaf is errors.Throttled)
    assert advice


def test_the_documentation_has_no_row_for_an_error_that_is_none() -> None:
    documented = re.findall(r"^\| `(\w+)` \| \d", DOCUMENT.read_text(), re.MULTILINE)
    assert set(documented) == set(BY_CODE)


def test_every_problem_of_a_member_is_documented_and_in_both_languages() -> None:
    documented = re.findall(r"^\| `(\w+)` \| [^\d|]", DOCUMENT.read_text(), re.MULTILINE)
    assert set(documented) == set(TEXTS)
    for texts in TEXTS.values():
        assert set(texts) == {"pt-br", "en"}
        assert texts["pt-br"] != texts["en"]


def _merchant(units: int = 1) -> Merchant:
    merchant = Merchant()
    stock_of(merchant.shop, units)
    return merchant


def _target(held: engine.Reservation) -> dict[str, str]:
    return {"reservation_id": str(held.reservation_id)}


def _expired() -> object:
    merchant = _merchant()
    held = hold(merchant.shop)
    outlive(held)
    return merchant.post("/stock/confirm", _target(held))


def _released() -> object:
    merchant = _merchant()
    held = hold(merchant.shop)
    engine.release(merchant.shop.pk, by_id(held))
    return merchant.post("/stock/confirm", _target(held))


def _confirmed() -> object:
    merchant = _merchant()
    held = hold(merchant.shop)
    engine.confirm(merchant.shop.pk, by_id(held))
    return merchant.post("/stock/release", _target(held))


def _of_an_order() -> object:
    merchant = _merchant()
    return merchant.post("/stock/release", _target(hold_of_order(merchant.shop)))


def _limited() -> object:
    merchant = Merchant(make_shop(max_units_per_line=1))
    stock_of(merchant.shop, 9)
    return merchant.post("/stock/SKU-1/reserve", {"quantity": 2})


def _held_too_much() -> object:
    shopper = Shopper(make_shop(holds_per_address=1))
    stock_of(shopper.shop, 9)
    shopper.reserve(uuid4())
    return shopper.reserve(uuid4())


def _reused() -> object:
    merchant = _merchant(9)
    merchant.post("/stock/SKU-1/reserve", key="k")
    return merchant.post("/stock/SKU-1/reserve", {"quantity": 2}, key="k")


def _throttled() -> object:
    merchant = _merchant()
    ApiKey.objects.filter(shop=merchant.shop).update(requests_per_minute=1)
    merchant.get("/stock/SKU-1")
    return merchant.get("/stock/SKU-1")


def _out_of_scope() -> object:
    merchant = _merchant()
    ApiKey.objects.filter(shop=merchant.shop).update(scopes=["read"])
    return merchant.post("/stock/SKU-1/reserve")


# The refusals that a single process can provoke.
PROVOKED: dict[str, Callable[[], object]] = {
    "bad_request": lambda: Merchant().send("POST", "/stock/SKU-1/reserve", b"{}", **{"Content-Length": "x"}),
    "body_too_large": lambda: Merchant().post("/stock/SKU-1/reserve", b" " * 65_537),
    "cart_limit_exceeded": _limited,
    "duplicate_key": lambda: Merchant().post("/stock/SKU-1/reserve", b'{"quantity":1,"quantity":1}'),
    "hold_limit_reached": _held_too_much,
    "idempotency_key_reused": _reused,
    "incomplete_body": lambda: Merchant().cut_short("/stock/SKU-1/reserve", announced=2),
    "insufficient_scope": _out_of_scope,
    "invalid_api_key": lambda: Client().get("/stock/SKU-1", HTTP_AUTHORIZATION="Api-Key wrong"),
    "invalid_idempotency_key": lambda: Merchant().post("/stock/SKU-1/reserve", key="two words"),
    "invalid_input": lambda: Merchant().post("/stock/SKU-1/reserve", {"quantity": "1"}),
    "invalid_json": lambda: Merchant().post("/stock/SKU-1/reserve", b"{"),
    "invalid_proxy_signature": lambda: Client().get("/proxy/stock/SKU-1"),
    "invalid_session_token": lambda: Client().get("/stock/SKU-1", HTTP_AUTHORIZATION="Bearer wrong"),
    "invalid_sku": lambda: Merchant().get("/stock/%00"),
    "invalid_text": lambda: Merchant().post("/stock/SKU-1/reserve", b'{"cart_token":"\\u0000"}'),
    "json_too_deep": lambda: Merchant().post("/stock/SKU-1/reserve", b"[" * 33),
    "method_not_allowed": lambda: Merchant().post("/healthz"),
    "missing_api_key": lambda: Client().get("/stock/SKU-1"),
    "not_found": lambda: Client().get("/nowhere"),
    "out_of_stock": lambda: _merchant(0).post("/stock/SKU-1/reserve"),
    "reservation_confirmed": _confirmed,
    "reservation_expired": _expired,
    "reservation_of_order": _of_an_order,
    "reservation_released": _released,
    "throttled": _throttled,
    "unknown_reservation": lambda: Merchant().get(f"/reservations/{uuid4()}"),
    "unknown_sku": lambda: Merchant().get("/stock/NOPE"),
    "unsupported_media_type": lambda: Merchant().send("POST", "/stock/A/reserve", b"{}", content_type="text/plain"),
}
# The others need a second process, or a failing one; beside each stands the test that provokes it.
ELSEWHERE = {
    "app_not_installed": "tests/shopify/proxy/test_who_calls.py",
    "busy": "tests/api/test_database_trouble.py",
    "forbidden": "tests/api/test_outside_the_views.py",
    "internal_error": "tests/api/test_outside_the_views.py",
    "invalid_metrics_token": "tests/api/test_metrics.py",
    "not_ready": "tests/api/test_database_trouble.py",
    "outcome_unknown": "tests/api/test_database_trouble.py",
    "request_in_progress": "tests/api/test_idempotency.py",
    "unavailable": "tests/api/test_database_trouble.py",
}


@pytest.mark.django_db
@pytest.mark.parametrize(("code", "provoke"), PROVOKED.items())
def test_an_error_really_happens_with_its_own_status(code: str, provoke: Callable[[], object]) -> None:
    response = provoke()
    body = body_of(response)  # type: ignore[arg-type]
    assert (body["code"], response.status_code) == (code, BY_CODE[code].status)  # type: ignore[attr-defined]
    assert body["detail"]
    assert not IdempotencyRecord.objects.filter(status__in=(400, 409, 422, 429)).exists()


def test_there_is_no_error_that_never_happens() -> None:
    assert PROVOKED.keys() | ELSEWHERE.keys() == BY_CODE.keys()
    for code, path in ELSEWHERE.items():
        assert f'"{code}"' in (DOCUMENT.parents[1] / path).read_text(), code
