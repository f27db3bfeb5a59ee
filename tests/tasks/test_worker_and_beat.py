"""A real worker and a real beat, as the Procfile starts them, with a broker that dies."""

import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from basico_stock.dev.local_services import Services
from reservations.models import Heartbeat, Reservation
from tests.factories import database_now, hold, make_shop, stock_of
from tests.support.patience import wait_until
from tests.tasks.processes import running

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Services]:
    """A Redis of this test's own."""
    services = Services(tmp_path / "home", postgres=False)
    services.start()
    yield services
    services.stop()


@pytest.fixture
def background(broker: Services, tmp_path: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Worker and beat."""
    with running(tmp_path / "log", "worker", "beat", **broker.urls()) as started:
        yield started


def hold_of_one_second() -> Callable[[], bool]:
    """Hold a unit for a second; returns a function that says whether a job has written its end down."""
    shop = make_shop(hold_seconds=1)
    stock_of(shop, 1)
    held = hold(shop)
    return Reservation.objects.filter(shop=shop, pk=held.reservation_id, status="expired").exists


def test_a_hold_expires_and_the_heartbeat_beats_and_both_outlive_the_broker(
    broker: Services, background: list[subprocess.Popen[bytes]]
) -> None:
    wait_until(hold_of_one_second())
    wait_until(Heartbeat.objects.filter(name="worker").exists)

    assert broker.redis
    assert broker.redis.process
    broker.redis.process.kill()
    broker.redis.process.wait()
    time.sleep(3)
    broker.redis.start()

    back_since = database_now()
    wait_until(Heartbeat.objects.filter(name="worker", at__gt=back_since).exists)
    wait_until(hold_of_one_second())
    assert [process.poll() for process in background] == [None, None]


def test_a_round_is_a_line_in_the_log_only_when_it_had_something_to_do(
    background: list[subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    wait_until(hold_of_one_second())
    wait_until(Heartbeat.objects.filter(name="worker").exists)
    log = (tmp_path / "log").read_text()
    assert log.count(" reservations.expiry_sweep expired 1 holds ") == 1
    assert "reservations.tasks." not in log
