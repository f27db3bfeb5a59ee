"""A large import: it shows progress, survives kill -9 at any point, and needs little memory.

BLING_IMPORT_PRODUCTS=10000 runs it whole.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from basico_stock.environment import REPOSITORY
from bling_sync.models import ImportRun
from reservations import engine
from reservations.models import StockMovement
from sandbox.bling import RunningStandIn
from tests.bling_sync.world import World
from tests.support.patience import PATIENCE_SECONDS, wait_until
from tests.support.terminal import variables_of_this_test

PRODUCTS = int(os.environ.get("BLING_IMPORT_PRODUCTS", "900"))
MOST_MB = 200

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600 + PRODUCTS // 10)]


def importing(world: World, output: Path) -> "subprocess.Popen[bytes]":
    """The import in a process of its own, on this test's database."""
    variables = variables_of_this_test(
        BLING_API_URL=world.bling.api_url, BLING_SETTLE_SECONDS="0", DATABASE_POOL_SIZE="0"
    )
    command = [sys.executable, "-u", "-m", "tests.bling_sync.storm.importer", world.shop.domain]
    with output.open("ab") as file:
        return subprocess.Popen(command, cwd=REPOSITORY, env=variables, stdout=file, stderr=file)


def reached(phase: str, least: int) -> bool:
    run = ImportRun.objects.first()
    return run is not None and run.phase == phase and max(run.read * (phase == "products"), run.applied) >= least


def test_a_large_import_outlives_kills_and_stays_small(bling: RunningStandIn, tmp_path: Path) -> None:
    world, output = World(bling), tmp_path / "output"
    bling.control.post("products", products=[{"sku": f"P{n}", "quantity": n % 50} for n in range(PRODUCTS)])
    world.connect()
    for phase, least in (("products", PRODUCTS // 3), ("apply", PRODUCTS // 3)):
        process = importing(world, output)
        wait_until(lambda phase=phase, least=least: reached(phase, least), seconds=PATIENCE_SECONDS + PRODUCTS / 20)  # type: ignore[misc]
        process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE_SECONDS)
    assert importing(world, output).wait(PATIENCE_SECONDS + PRODUCTS / 10) == 0
    run = ImportRun.objects.get()
    assert (run.state, run.read, run.applied) == ("applied", PRODUCTS + 2, PRODUCTS + 2)
    assert StockMovement.objects.filter(shop=world.shop, kind="count").count() == PRODUCTS + 2
    assert world.stock(f"P{PRODUCTS - 1}").on_hand == (PRODUCTS - 1) % 50
    printed = output.read_text(encoding="utf-8")
    assert "reading products: " in printed
    memory = int(printed.rpartition("MB ")[2])
    print(f"{PRODUCTS} products, {memory} MB")
    assert memory < MOST_MB
    assert engine.audit(world.shop.pk) == []
