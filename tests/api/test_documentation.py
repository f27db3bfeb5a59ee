"""docs/api.md: every command in it runs, and its tables say what the program does."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.test import Client

from reservations.api import limits
from reservations.api.health import metrics
from reservations.api.health.metrics import State
from reservations.api.health.probes import Probe
from reservations.api.schema.docs import schema
from reservations.api.schema.error_responses import OF_ANY_CALL, OF_ANY_POST, leaves
from reservations.models import ApiKey
from reservations.retention import IDEMPOTENCY_RECORDS_KEPT
from tests.api.client import Merchant, body_of
from tests.factories import make_shop, stock_of

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text()
SCHEMA: dict[str, Any] = orjson.loads(schema())
COMMANDS = re.findall(r"```console\n\$ (curl .+)\n(\{.+\})\n```", TEXT)
TIMES = {"expires_at", "created_at", "ended_at", "retry_at"}


def _rows(first_column: str) -> Iterator[list[str]]:
    """The rows of the table whose head begins with this column."""
    table = TEXT.split(f"| {first_column} |", 1)[1].split("\n\n", 1)[0]
    for row in table.splitlines()[2:]:
        yield [cell.strip() for cell in row.strip("|").split("|")]


@pytest.mark.django_db
def test_the_printed_walk_is_what_really_happens() -> None:
    shop = make_shop()
    ApiKey.issue(shop, key="demo-key")
    stock_of(shop, 5, sku="SKU-BZC-002")
    ids: dict[str, str] = {}
    assert len(COMMANDS) == 4
    for command, printed in COMMANDS:
        expected, answer = orjson.loads(printed), body_of(_run(command, ids))
        ids.update(_ids(expected, answer))
        assert _comparable(answer) == _comparable(expected | _ids_in(expected, ids))


def _run(command: str, ids: dict[str, str]) -> Any:
    """Run a curl command within this process."""
    words = shlex.split(command)
    url = next(word for word in words if word.startswith("http://127.0.0.1:8000"))
    headers = dict(words[place + 1].split(": ", 1) for place, word in enumerate(words) if word == "-H")
    sent = words[words.index("-d") + 1] if "-d" in words else ""
    for printed, real in ids.items():
        sent = sent.replace(printed, real)
    method = words[words.index("-X") + 1] if "-X" in words else "GET"
    content_type = headers.pop("Content-Type", "")
    return Client().generic(
        method, url.removeprefix("http://127.0.0.1:8000"), sent, content_type=content_type, headers=headers
    )


def _ids(expected: dict[str, Any], answer: dict[str, Any]) -> dict[str, str]:
    return {expected["reservation_id"]: answer["reservation_id"]} if "reservation_id" in expected else {}


def _ids_in(expected: dict[str, Any], ids: dict[str, str]) -> dict[str, Any]:
    """The members of `expected`, with real ids in place of the printed ones."""
    text = orjson.dumps(expected).decode()
    for printed, real in ids.items():
        text = text.replace(printed, real)
    replaced: dict[str, Any] = orjson.loads(text)
    return replaced


def _comparable(value: Any) -> Any:
    """`value` with each time reduced to whether there is one."""
    match value:
        case dict():
            return {name: bool(inner) if name in TIMES else _comparable(inner) for name, inner in value.items()}
        case list():
            return [_comparable(inner) for inner in value]
    return value


def test_the_table_of_calls_is_the_schemas() -> None:
    common = {kind.code for kind in (*OF_ANY_CALL, *OF_ANY_POST)}
    described = {}
    for path, methods in SCHEMA["paths"].items():
        for method, operation in methods.items():
            if not operation["operationId"].startswith("readStockCalled"):
                described[f"`{method.upper()} {path}`"] = _codes(operation) - common
    documented = {call: set(re.findall(r"`(\w+)`", refusals)) for call, _, _, refusals in _rows("call")}
    assert documented == described


def _codes(operation: dict[str, Any]) -> set[str]:
    found: set[str] = set()
    for response in operation["responses"].values():
        schema = response.get("content", {}).get("application/json", {}).get("schema", {})
        for part in schema.get("allOf", ()):
            found.update(part.get("properties", {}).get("code", {}).get("enum", ()))
    return found


def test_the_table_of_limits_is_the_programs() -> None:
    assert [int(value) for _, value in _rows("limit")] == [
        limits.MAX_BODY_BYTES,
        limits.MAX_JSON_DEPTH,
        limits.MAX_SKU_LENGTH,
        limits.MAX_ORDER_ID_LENGTH,
        limits.MAX_QUANTITY,
        limits.MAX_LINES,
        limits.MAX_IDS,
    ]


def test_every_metric_in_the_table_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "state", Probe("state", lambda: State(0, 0, 0.0, [])))
    shown = Client().get("/metrics").content.decode()
    measured = set(re.findall(r"^# TYPE (bazico_\w+) ", shown, re.MULTILINE))
    documented = {name.strip("`") for name, _ in _rows("metric")}
    assert documented
    assert documented <= measured


def test_every_code_that_the_page_names_exists() -> None:
    codes = {leaf.code for leaf in leaves()}
    named = set(re.findall(r"(?:4\d\d|503) `(\w+)`", TEXT))
    assert named
    assert named <= codes


def test_idempotency_keys_are_kept_as_long_as_the_page_says() -> None:
    hours = IDEMPOTENCY_RECORDS_KEPT.total_seconds() / 3_600
    assert f"are kept for {hours:.0f} hours" in TEXT


@pytest.mark.django_db
def test_the_examples_of_odd_addresses_are_true() -> None:
    merchant = Merchant()
    for sku, address in (
        ("A/B", "/stock/A%2FB"),
        ("A/B", "/stock/A/B"),
        ("100%", "/stock/100%25"),
        ("A/", "/stock/A/"),
    ):
        stock_of(merchant.shop, 1, sku=sku)
        assert address in TEXT
        assert body_of(merchant.get(address))["sku"] == sku
