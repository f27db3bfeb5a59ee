"""The checkout hears of scarce stock in time, however busy the workers are."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from basico_stock import celery_settings
from basico_stock.beat import SCHEDULE
from basico_stock.celery import app
from basico_stock.dev import procfile
from basico_stock.dev.local_services import Services
from reservations.shopify.guard.stale_guards import SECONDS_BETWEEN_WRITES
from sandbox.shopify import RunningStandIn
from tests.factories import hold
from tests.shopify.guard.checkout import guards, scarce_shop, short
from tests.support.patience import wait_until
from tests.tasks.processes import running

pytestmark = pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")

TOLD_WITHIN_SECONDS = 2.0


@pytest.fixture
def guarding(shopify: RunningStandIn, tmp_path: Path) -> Iterator[None]:
    """Run beat and the guard's process, but no worker, as if all were busy for good."""
    broker = Services(tmp_path / "home", postgres=False)
    broker.start()
    address = {"SHOPIFY_ADMIN_URL": shopify.admin_url}
    try:
        with running(tmp_path / "log", "guard", "beat", **broker.urls(), **address):
            yield
    finally:
        broker.stop()


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(240)
@pytest.mark.usefixtures("guarding")
def test_the_guard_is_told_while_no_worker_is_free(shopify: RunningStandIn) -> None:
    shop = scarce_shop(shopify, 3)
    wait_until(lambda: "SKU-1" in guards(shopify, shop))
    held = hold(shop, cart=uuid4())
    wait_until(lambda: guards(shopify, shop)["SKU-1"]["holds"] == {short(held.reservation_id): 1})


def test_the_guards_work_waits_for_no_other_work() -> None:
    queues = {app.amqp.router.route({}, task)["queue"].name for task in celery_settings.GUARD_TASKS}
    assert queues == {celery_settings.GUARD_QUEUE} != {app.conf.task_default_queue}
    assert f"--queues {celery_settings.GUARD_QUEUE} " in procfile.read()["guard"]


def test_a_change_right_after_a_write_is_told_in_time() -> None:
    sweep = SCHEDULE["write guards"]["schedule"]
    assert isinstance(sweep, timedelta)
    assert SECONDS_BETWEEN_WRITES + sweep.total_seconds() <= 0.75 * TOLD_WITHIN_SECONDS
