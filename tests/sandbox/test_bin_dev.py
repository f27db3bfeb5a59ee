"""`bin/dev` starts the stand-ins beside the service, points the service at them, and stops them when it ends."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from basico_stock.dev import machine_values, ready
from tests.process.dev_run import ANNOUNCED, DevRun, dev_run
from tests.support.migrated_data import home_with
from tests.support.patience import PATIENCE_SECONDS

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def home(tmp_path: Path, migrated_data: Path) -> Path:
    return home_with(migrated_data, tmp_path / "home")


@pytest.fixture
def running(home: Path) -> Iterator[DevRun]:
    with dev_run(home) as run:
        yield run


def _written(run: DevRun) -> dict[str, str]:
    lines = (run.home / "dev.env").read_text().splitlines()
    pairs = (line.partition("=") for line in lines if not line.startswith("#"))
    return {name: value.strip("'") for name, _, value in pairs}


def test_both_stand_ins_answer_where_the_service_looks_for_them_and_end_with_it(running: DevRun) -> None:
    # In whichever order they start.
    said = [running.wait_for(r"sandbox\.(bling|shopify) answers at") for _ in range(2)]
    addresses = [next(line.split()[-1] for line in said if f"sandbox.{name}" in line) for name in ("bling", "shopify")]
    assert all(requests.get(address, timeout=PATIENCE_SECONDS).status_code == 200 for address in addresses)
    values = _written(running)
    assert values["BLING_API_URL"] == addresses[0].replace("/_control/", "/Api/v3")
    assert values["SHOPIFY_ADMIN_URL"] == addresses[1].replace("/_control/", "/{shop}")
    assert running.interrupt() == 0
    for address in addresses:
        with pytest.raises(requests.ConnectionError):
            requests.get(address, timeout=PATIENCE_SECONDS)


def test_without_a_sandbox_no_stand_in_starts_and_no_address_is_made_up(home: Path) -> None:
    with dev_run(home, SANDBOX="0", BLING_API_URL="http://127.0.0.1:9/Api/v3") as run:
        run.wait_for(ANNOUNCED)
        assert "sandbox." not in run.said
        values = _written(run)
        assert values["BLING_API_URL"] == "http://127.0.0.1:9/Api/v3"
        assert "SHOPIFY_ADMIN_URL" not in values
        assert requests.get(f"http://127.0.0.1:{run.port}/", timeout=PATIENCE_SECONDS).json()["code"] == "not_found"


def test_the_page_of_the_race_is_the_last_address_that_a_newcomer_reads() -> None:
    said = ready.announcement(machine_values.complete({"PORT": "8123"}), once=False)
    assert said.endswith("\n  http://127.0.0.1:8123/sandbox/\n")
    assert "/sandbox/" not in ready.announcement(machine_values.complete({"SANDBOX": "0"}), once=False)
