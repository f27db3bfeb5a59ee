"""A small measurement from start to end, with the real service under load."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from basico_stock.dev import leftovers
from basico_stock.dev.local_services import Services
from basico_stock.environment import REPOSITORY
from tests.support.migrated_data import home_with
from tests.support.patience import PATIENCE_SECONDS

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, migrated_data: Path) -> Path:
    home = tmp_path_factory.mktemp("home")
    home_with(migrated_data, home / "bench")
    return home


@pytest.fixture(scope="module")
def record(home: Path) -> dict[str, Any]:
    target = home / "record.json"
    command = [sys.executable, "-m", "bench", "--case", "hot", "--case", "sold-out", "--servers", "service,a,b"]
    command += ["--seconds", "0.6", "--rounds", "1", "--connections", "4", "--json", str(target)]
    done = subprocess.run(
        command,
        cwd=REPOSITORY,
        env={**os.environ, "BASICO_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=4 * PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, Any] = json.loads(target.read_text())
    return found


def test_a_measurement_finds_the_audit_clean_and_every_answer_in_the_database(record: dict[str, Any]) -> None:
    assert record["problems"] == []


def test_each_server_answers_as_its_case_expects(record: dict[str, Any]) -> None:
    answered = {result["point"]: set(result["samples"][0]["load"]["answers"]) for result in record["results"]}
    assert answered == {
        **{f"hot/{server}/4": {"200"} for server in ("service", "a", "b")},
        **{f"sold-out/{server}/4": {"409"} for server in ("service", "a", "b")},
    }


def test_a_measurement_counts_what_an_answer_costs(record: dict[str, Any]) -> None:
    hot = next(result for result in record["results"] if result["point"] == "hot/service/4")
    assert hot["rate"] > 0
    assert 0 < hot["p50_ms"] <= hot["p99_ms"]
    assert min(hot["server_cpu_ms"], hot["database_cpu_ms"], hot["transactions"], hot["wal_bytes"], hot["batch"]) > 0


def test_a_sold_out_answer_writes_nothing_to_the_database(record: dict[str, Any]) -> None:
    sold_out = next(result for result in record["results"] if result["point"] == "sold-out/service/4")
    # Not exactly 0: PostgreSQL's own housekeeping writes now and then.
    assert sold_out["transactions"] < 0.1


def test_a_measurement_leaves_no_process_behind(record: dict[str, Any], home: Path) -> None:
    services = Services(home / "bench")
    assert record["results"]
    assert leftovers.find(home / "bench") == []
    assert services.postgres
    assert services.redis
    assert not services.postgres.runs()
    assert not services.redis.runs()
