"""Every periodic job in one table. Two beats at once do no harm: each job may run twice, even at the same time."""

from datetime import timedelta
from typing import TypedDict

from celery.schedules import crontab


class Job(TypedDict):
    """One row of the table, as Celery reads it."""

    task: str
    schedule: timedelta | crontab
    options: dict[str, float]


def every(task: str, *, seconds: float) -> Job:
    """Run `task` every `seconds` seconds. A run that no worker takes before the next is due expires."""
    return Job(task=task, schedule=timedelta(seconds=seconds), options={"expires": seconds})


def hourly(task: str, *, minute: int) -> Job:
    """Run `task` at that minute of each hour, whenever beat started. A run not taken within the hour expires."""
    return Job(task=task, schedule=crontab(minute=str(minute)), options={"expires": 3_600})


def nightly(task: str, *, hour: int, minute: int = 0) -> Job:
    """Run `task` once a night at that time in settings.TIME_ZONE. A run not taken within an hour expires."""
    return Job(task=task, schedule=crontab(hour=str(hour), minute=str(minute)), options={"expires": 3_600})


SCHEDULE: dict[str, Job] = {
    "heartbeat": every("reservations.tasks.heartbeat", seconds=10),
    "expire reservations": every("reservations.tasks.expire_reservations", seconds=5),
    "rescue paid orders": every("reservations.tasks.rescue_paid_orders", seconds=5),
    "prune idempotency records": hourly("reservations.tasks.prune_idempotency_records", minute=7),
    "prune refusals": hourly("reservations.tasks.prune_refusals", minute=37),
    "prune cool-downs": hourly("reservations.tasks.prune_cooldowns", minute=52),
    "clear sessions": nightly("reservations.tasks.clear_sessions", hour=3, minute=40),
    "sweep webhooks": every("reservations.shopify.tasks.sweep_webhooks", seconds=3),
    "tag short orders": every("reservations.shopify.tasks.tag_short_orders", seconds=5),
    "cancel unpaid orders": every("reservations.shopify.tasks.cancel_unpaid_orders", seconds=30),
    "prune webhooks": hourly("reservations.shopify.tasks.prune_webhooks", minute=23),
    "refresh idle Shopify tokens": nightly("reservations.shopify.tasks.refresh_idle_tokens", hour=2, minute=20),
    # Half a second, the second between two writes of a variant, and the call: within two seconds of a change.
    "write guards": every("reservations.shopify.tasks.sweep_guards", seconds=0.5),
    "publish inventory": every("reservations.shopify.tasks.sweep_inventory", seconds=2),
    "begin installations": every("reservations.shopify.tasks.begin_installations", seconds=15),
    "catch up on orders": every("reservations.shopify.tasks.catch_up_on_orders", seconds=300),
    "link catalogues": nightly("reservations.shopify.tasks.link_catalogues", hour=3),
    "sweep bling": every("bling_sync.tasks.sweep", seconds=5),
    "keep bling authorizations": hourly("bling_sync.tasks.keep", minute=23),
    "prune bling": nightly("bling_sync.tasks.prune", hour=3, minute=10),
    "audit": nightly("reservations.tasks.audit", hour=4, minute=10),
}
