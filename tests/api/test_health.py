"""GET /healthz and GET /readyz."""

import threading
from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.test import Client

from reservations.api.health.probes import Finding, Probe
from reservations.api.health.readyz import state_of
from reservations.models import Heartbeat
from tests.api.client import body_of
from tests.support.patience import PATIENCE_SECONDS

OK: Finding[None] = Finding()
DAY = 86_400.0


def test_liveness_asks_neither_key_nor_database() -> None:
    response = Client().get("/healthz")
    assert (response.status_code, body_of(response)) == (200, {"status": "ok"})  # type: ignore[arg-type]


@pytest.mark.django_db(transaction=True)
def test_a_service_whose_parts_all_answer_is_ready() -> None:
    Heartbeat.objects.update_or_create(name="worker", defaults={"at": Now() - timedelta(seconds=5)})
    response = Client().get("/readyz")
    body = body_of(response)  # type: ignore[arg-type]
    assert (response.status_code, body["status"]) == (200, "ready")
    assert {name: check["status"] for name, check in body["checks"].items()} == {
        "database": "ok",
        "broker": "ok",
        "worker": "ok",
    }


@pytest.mark.parametrize(
    ("age", "uptime", "status"),
    [
        (0.0, DAY, "ok"),
        (60.0, DAY, "ok"),
        (60.1, DAY, "silent"),
        (None, DAY, "silent"),
        (None, 59.9, "starting"),
        (DAY, 59.9, "starting"),
        (None, 60.0, "silent"),
        (5.0, 1.0, "ok"),
    ],
)
def test_a_worker_is_silent_when_a_minute_brought_no_heartbeat(age: float | None, uptime: float, status: str) -> None:
    assert state_of(Finding(value=age), OK, uptime_seconds=uptime)["worker"]["status"] == status


def test_each_part_that_does_not_answer_is_named() -> None:
    checks = state_of(Finding(problem="timeout"), Finding(problem="unreachable"), uptime_seconds=DAY)
    assert {name: check["status"] for name, check in checks.items()} == {
        "database": "timeout",
        "broker": "unreachable",
        "worker": "unknown",
    }


def test_a_frozen_part_holds_nobody_longer_than_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reservations.api.health.probes.DEADLINE_SECONDS", 0.05)
    thaw = threading.Event()
    asked: list[int] = []

    def frozen() -> None:
        asked.append(1)
        thaw.wait(PATIENCE_SECONDS)

    probe = Probe("frozen", frozen)
    assert [probe.find() for _ in range(5)] == [Finding(problem="timeout")] * 5
    assert len(asked) == 1
    thaw.set()


def test_many_callers_within_a_second_ask_a_part_once(monkeypatch: pytest.MonkeyPatch) -> None:
    # A second that is long enough for a hundred calls on any machine.
    monkeypatch.setattr("reservations.api.health.probes.CACHE_SECONDS", PATIENCE_SECONDS)
    monkeypatch.setattr("reservations.api.health.probes.DEADLINE_SECONDS", PATIENCE_SECONDS)
    asked: list[int] = []
    probe = Probe("quick", lambda: asked.append(1))
    for _ in range(100):
        assert probe.find() == Finding()
    assert len(asked) == 1
