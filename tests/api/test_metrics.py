"""GET /metrics."""

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from reservations import engine
from reservations.api.health.metrics import read_state
from reservations.api.health.probes import Probe
from tests.api.client import Merchant, outcome
from tests.factories import by_id, hold, stock_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def state_is_read_afresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget the state of the test before: at most a second old, but wrong."""
    monkeypatch.setattr("reservations.api.health.metrics.state", Probe("state", read_state))


def _figures() -> dict[str, float]:
    text = Client().get("/metrics").content.decode()
    return {
        sample.name + "".join(f"{{{value}}}" for value in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_reservations_are_counted_by_their_outcome() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 1)
    before = _figures()
    merchant.post("/stock/SKU-1/reserve", key="k")
    merchant.post("/stock/SKU-1/reserve", key="k")
    merchant.post("/stock/SKU-1/reserve")
    merchant.post("/stock/NOPE/reserve")
    merchant.post("/stock/SKU-1/reserve", {"quantity": 0})
    after = _figures()
    for outcome_ in ("reserved", "replayed", "out_of_stock", "unknown_sku", "invalid_input"):
        name = f"bazico_reservations_total{{{outcome_}}}"
        assert after[name] - before.get(name, 0) == 1, name
    assert after["bazico_reserve_duration_seconds_count"] - before["bazico_reserve_duration_seconds_count"] == 5


def test_what_is_held_now_and_what_is_missing_are_shown() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 5)
    hold(merchant.shop)
    figures = _figures()
    assert (figures["bazico_holds_active"], figures["bazico_shortfall_units"]) == (1, 0)


def test_how_holds_ended_within_the_hour_is_shown_by_who_held() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 5)
    engine.release(merchant.shop.pk, by_id(hold(merchant.shop)))
    engine.confirm(merchant.shop.pk, by_id(hold(merchant.shop)))
    figures = _figures()
    assert figures["bazico_holds_ended_last_hour{server}{unpaid}"] == 1
    assert figures["bazico_holds_ended_last_hour{server}{bought}"] == 1
    assert figures["bazico_holds_ended_last_hour{anonymous}{unpaid}"] == 0
    assert figures["bazico_unpaid_holds_alarms"] == 0


def test_the_engines_own_figures_are_among_them() -> None:
    assert {"bazico_group_commit_batch_size_count", "bazico_batch_duration_seconds_count"} <= _figures().keys()


def test_metrics_are_open_on_a_development_machine(settings: Settings) -> None:
    settings.DEVELOPMENT, settings.METRICS_TOKEN = True, ""
    assert Client().get("/metrics").status_code == 200


def test_metrics_do_not_exist_in_production_without_a_token(settings: Settings) -> None:
    settings.DEVELOPMENT, settings.METRICS_TOKEN = False, ""
    assert outcome(Client().get("/metrics")) == (404, "not_found")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer wrong", "Basic secret-token", "Bearer secret-tokén"]
)
def test_metrics_in_production_want_their_token(settings: Settings, header: str) -> None:
    settings.DEVELOPMENT, settings.METRICS_TOKEN = False, "secret-token"
    response = Client().get("/metrics", HTTP_AUTHORIZATION=header)
    assert outcome(response) == (401, "invalid_metrics_token")  # type: ignore[arg-type]
    assert response["WWW-Authenticate"] == 'Bearer realm="metrics"'
    assert Client().get("/metrics", HTTP_AUTHORIZATION="Bearer secret-token").status_code == 200
