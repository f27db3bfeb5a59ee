"""The table of periodic work: complete, bounded, and harmless when two beats send it."""

from typing import Any

import pytest
from celery import current_app
from django.core.management import call_command
from django.db import OperationalError
from kombu.exceptions import OperationalError as BrokerError

from basico_stock.beat import SCHEDULE, Job
from basico_stock.celery_settings import VISIBILITY_TIMEOUT_SECONDS
from reservations import engine, tasks
from reservations.models import Heartbeat
from tests.factories import database_now, hold, make_shop, numbers, outlive, stock_of
from tests.support.rendezvous import at_once, raised

pytestmark = pytest.mark.django_db(transaction=True)

JOBS = pytest.mark.parametrize("job", SCHEDULE.values(), ids=SCHEDULE.keys())


def task_of(job: Job) -> Any:
    current_app.loader.import_default_modules()
    return current_app.tasks[job["task"]]


@JOBS
def test_every_job_of_the_table_is_a_task_with_limits(job: Job) -> None:
    task = task_of(job)
    assert 0 < task.soft_time_limit < task.time_limit < VISIBILITY_TIMEOUT_SECONDS


@JOBS
def test_every_job_of_the_table_is_dropped_when_nobody_takes_it(job: Job) -> None:
    assert 0 < job["options"]["expires"] <= 3_600


@JOBS
def test_two_beats_at_once_do_no_harm(job: Job) -> None:
    shop = make_shop()
    stock_of(shop, 20)
    outlive(*(hold(shop) for _ in range(10)))
    assert raised(at_once([task_of(job)] * 4)) == []
    call_command("expire_reservations", verbosity=0)
    assert numbers(shop) == (20, 0, 0)
    assert engine.audit(shop.pk) == []


def test_the_heartbeat_is_one_row_with_the_databases_time() -> None:
    before = database_now()
    tasks.heartbeat()
    first = Heartbeat.objects.get(name="worker").at
    tasks.heartbeat()
    assert before <= first < Heartbeat.objects.get(name="worker").at <= database_now()


@pytest.mark.parametrize("away", [engine.Unavailable(), OperationalError("gone"), BrokerError("gone")])
def test_a_part_that_is_away_is_one_line_and_no_traceback(away: Exception, caplog: pytest.LogCaptureFixture) -> None:
    def some_round() -> None:
        raise away

    tasks.leaves_it_to_the_next_round(some_round)()
    assert len(caplog.records) == 1
    assert caplog.messages[0].startswith("some_round waits for its next round: ")
    assert caplog.records[0].exc_info is None


def test_a_defect_is_not_hidden_as_a_part_that_is_away() -> None:
    def broken_round() -> None:
        raise ValueError("a defect")

    with pytest.raises(ValueError, match="a defect"):
        tasks.leaves_it_to_the_next_round(broken_round)()
