"""A worker that takes no message while some wait ends itself, so that another starts; no other worker ends."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from kombu import Connection

from basico_stock.celery import app
from basico_stock.celery_settings import broker_url
from basico_stock.environment import REPOSITORY
from basico_stock.watchdog import EXIT_STATUS, Ear
from tests.support.patience import PATIENCE_SECONDS, wait_until

DEAF_SECONDS = 3


def ear() -> Ear:
    return Ear(limit_seconds=60, since=0.0)


def test_a_worker_that_ignores_waiting_messages_is_deaf() -> None:
    listener = ear()
    assert not listener.is_deaf(taken=0, waiting=5, free=2, now=59.9)
    assert listener.is_deaf(taken=0, waiting=5, free=2, now=60.0)


def test_a_worker_that_takes_one_message_a_minute_is_not_deaf() -> None:
    listener = ear()
    assert not any(listener.is_deaf(taken=minute, waiting=5, free=2, now=minute * 59.0) for minute in range(1, 9))


def test_a_worker_without_messages_is_not_deaf() -> None:
    assert not ear().is_deaf(taken=0, waiting=0, free=2, now=3_600.0)


def test_a_worker_that_is_busy_is_not_deaf() -> None:
    assert not ear().is_deaf(taken=2, waiting=5, free=0, now=3_600.0)


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    log = (tmp_path / "worker.log").open("w+")

    def is_ready() -> bool:
        said = (tmp_path / "worker.log").read_text()
        assert process.poll() is None, said
        return " ready." in said

    process = subprocess.Popen(
        [str(Path(sys.executable).parent / "celery"), "--app", "basico_stock", "worker", "--concurrency", "1"],
        cwd=REPOSITORY,
        env={**os.environ, "DATABASE_POOL_SIZE": "0", "WORKER_DEAF_SECONDS": str(DEAF_SECONDS)},
        stdout=log,
        stderr=subprocess.STDOUT,
        text=True,
    )
    wait_until(is_ready)
    yield process
    process.kill()
    process.wait()
    log.close()


@pytest.fixture
def queue() -> Iterator[Connection]:
    """The broker of this test run, its queue empty before and after."""
    with Connection(broker_url(os.environ["REDIS_URL"])) as connection:
        app.control.purge()
        yield connection
        app.control.purge()


def stop_listening(worker: subprocess.Popen[str]) -> None:
    """Leave the worker connected and alive but taking no messages, as the bug does, and the queue empty."""
    # One that has just begun to listen does not hear all that is said.
    wait_until(lambda: app.control.cancel_consumer("celery", reply=True, limit=1, timeout=5))
    app.control.purge()
    assert worker.poll() is None


@pytest.mark.usefixtures("queue")
def test_a_real_worker_gone_deaf_ends_with_an_error(worker: subprocess.Popen[str]) -> None:
    stop_listening(worker)
    app.send_task("reservations.tasks.heartbeat")
    assert worker.wait(PATIENCE_SECONDS) == EXIT_STATUS


@pytest.mark.usefixtures("queue")
def test_a_real_worker_that_only_has_nothing_to_do_goes_on(worker: subprocess.Popen[str]) -> None:
    stop_listening(worker)
    time.sleep(DEAF_SECONDS * 2)
    assert worker.poll() is None
