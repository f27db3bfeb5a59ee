"""Every periodic job in one table. Two beats at once do no harm: each job may run twice, also at the same time."""

from datetime import timedelta
from typing import TypedDict

from celery.schedules import crontab


class Job(TypedDict):
    """One row of the table, as Celery reads it."""

    task: str
    schedule: timedelta | crontab
    options: dict[str, float]


def every(task: str, *, seconds: float) -> Job:
    """Run `task` every so many seconds. A turn not taken before the next one is due is dropped."""
    return Job(task=task, schedule=timedelta(seconds=seconds), options={"expires": seconds})


def nightly(task: str, *, hour: int, minute: int = 0) -> Job:
    """Run `task` once a night at that time in settings.TIME_ZONE; dropped when not taken within an hour."""
    return Job(task=task, schedule=crontab(hour=str(hour), minute=str(minute)), options={"expires": 3_600})


SCHEDULE: dict[str, Job] = {
    "heartbeat": every("reservations.tasks.heartbeat", seconds=10),
}
