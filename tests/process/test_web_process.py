"""The web process of the Procfile, asked to stop at any moment."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psutil
import psycopg
import pytest

from basico_stock.dev.buyers import Answer, Buyer
from basico_stock.dev.local_services import Services
from tests.process.dev_run import DevRun, manage
from tests.process.machines import HERE
from tests.support.free_port import free_port
from tests.support.patience import PATIENCE_SECONDS, wait_until

pytestmark = pytest.mark.timeout(600)


def web_of(run: DevRun) -> psutil.Process:
    """Granian's main process, the parent of those that answer."""
    children = psutil.Process(run.process.pid).children()
    return next(child for child in children if "basico_stock.web" in child.cmdline())


@contextmanager
def locked(run: DevRun, sku: str) -> Iterator[psycopg.Connection]:
    """Somebody else holds the SKU's row for the length of a `with`."""
    url = Services(run.home).urls()["DATABASE_URL"]
    with psycopg.connect(url) as connection:
        connection.execute("SELECT FROM reservations_stockitem WHERE sku = %s FOR UPDATE", [sku])
        yield connection


def somebody_waits(connection: psycopg.Connection) -> bool:
    # Not pg_stat_activity: within a transaction it goes on showing who was connected at the first look.
    found = connection.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone()
    return bool(found and found[0])


def test_a_request_in_flight_is_answered_after_sigterm(running: DevRun) -> None:
    done = manage(running.home, "set_stock", "SKU-IN-FLIGHT", "9")
    assert done.returncode == 0, done.stderr
    buyer, answers = Buyer("127.0.0.1", running.port, "demo-key"), list[Answer]()
    asking = threading.Thread()
    with locked(running, "SKU-IN-FLIGHT") as lock:

        def waits() -> bool:
            nonlocal asking
            # Tests before this one kill parts of the run: a request that is answered at once met one that was starting.
            if asking.ident is None or not asking.is_alive():
                asking = threading.Thread(target=lambda: answers.append(buyer.reserve("SKU-IN-FLIGHT")))
                asking.start()
            return somebody_waits(lock)

        wait_until(waits, lambda: f"a request waits for the lock; answered at once: {answers}")
        web_of(running).send_signal(signal.SIGTERM)
        time.sleep(0.5)  # it hears of it while the request waits
    asking.join(PATIENCE_SECONDS)
    assert answers[-1].status == 200


def test_a_killed_web_process_is_replaced(running: DevRun) -> None:
    web = web_of(running)
    for victim in web.children():
        victim.kill()
    buyer = Buyer("127.0.0.1", running.port, "demo-key")

    def answer() -> Answer | None:
        with suppress(OSError):
            return buyer.reserve("SKU-BZC-002")
        return None

    found = wait_until(answer, "somebody answers")
    assert found
    assert found.status == 200


@pytest.mark.parametrize("seconds", [0.0, 0.1, 0.3, 0.6, 0.9])
def test_a_web_process_asked_to_stop_while_it_loads_hears_it(seconds: float) -> None:
    command = [sys.executable, "-m", "basico_stock.web", "--interface", "wsgi"]
    command += ["--workers", "2", "--workers-kill-timeout", str(10 * PATIENCE_SECONDS), "--port", str(free_port())]
    addresses = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "ENCRYPTION_KEYS")}
    process = subprocess.Popen(
        [*command, "basico_stock.wsgi:application"],
        env={**HERE, **addresses, "DEBUG": "1", "SHOPIFY_API_SECRET": "s" * 20},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout
    for line in process.stdout:
        if "Spawning worker-2" in line:
            break
    time.sleep(seconds)
    process.terminate()
    process.communicate(timeout=PATIENCE_SECONDS)
