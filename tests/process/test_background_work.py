"""Beat, broker, worker and database as one circuit, and the settings that keep it harmless."""

import os
import signal

import psycopg
import pytest
from celery.schedules import crontab
from django.conf import settings
from kombu.exceptions import OperationalError

from basico_stock import celery_settings
from basico_stock.beat import SCHEDULE
from basico_stock.celery import app
from basico_stock.dev.local_services import Services
from tests.process.dev_run import DevRun
from tests.support import stopwatch
from tests.support.patience import wait_until


def heartbeats(run: DevRun, since: object) -> object:
    """Wait for a heartbeat later than `since`, which may be None, and return it."""

    def another() -> object:
        with psycopg.connect(Services(run.home).urls()["DATABASE_URL"]) as connection:
            row = connection.execute("SELECT at FROM reservations_heartbeat WHERE name = 'worker'").fetchone()
        return row and row[0] != since and row[0]

    return wait_until(another, "the heart beats")


@pytest.mark.timeout(600)
def test_the_heartbeat_goes_round_and_goes_on_after_the_broker_was_killed(running: DevRun) -> None:
    before = heartbeats(running, since=None)
    os.kill(int((running.home / "redis/redis.pid").read_text()), signal.SIGKILL)
    running.wait_for("Redis had ended by itself and runs again")
    # Two of them: the first may have been on its way before the kill.
    after = heartbeats(running, since=before)
    heartbeats(running, since=after)


def test_every_job_of_the_table_is_a_task_that_exists() -> None:
    app.loader.import_default_modules()
    assert {job["task"] for job in SCHEDULE.values()} <= set(app.tasks)


def test_a_turn_not_taken_is_dropped_before_turns_pile_up() -> None:
    for job in SCHEDULE.values():
        expires = job["options"]["expires"]
        period = 3_600.0 if isinstance(job["schedule"], crontab) else job["schedule"].total_seconds()
        assert 0 < expires <= period


def test_no_task_may_run_longer_than_its_message_stays_with_its_worker() -> None:
    app.loader.import_default_modules()
    limits = [task.time_limit or celery_settings.TIME_LIMIT_SECONDS for task in app.tasks.values()]
    assert max(limits) < celery_settings.VISIBILITY_TIMEOUT_SECONDS


def test_only_json_is_read_from_the_broker() -> None:
    assert app.conf.accept_content == ["json"]
    assert app.conf.task_serializer == "json"
    assert app.conf.broker_url == settings.BROKER_URL


def test_a_publisher_does_not_wait_for_an_absent_broker() -> None:
    from celery import Celery

    # Not the current app: the tasks of every test after this one would go to its broker.
    lonely = Celery("lonely", set_as_current=False)
    lonely.conf.update(celery_settings.configuration("redis+socket:///nonexistent/redis.sock", "UTC"))
    began = stopwatch.now()
    with pytest.raises(OperationalError):
        lonely.send_task("reservations.tasks.heartbeat")
    stopwatch.judge(stopwatch.now() - began, promised=celery_settings.SOCKET_TIMEOUT_SECONDS)
