"""Background work. Celery carries nudges; PostgreSQL says what must happen, and sweeps find it there.

So a lost, late or doubled message does no harm, every task may run twice, and Celery itself retries none.
"""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, celeryd_init, setup_logging, worker_ready
from celery.worker.consumer import Consumer
from django.conf import settings

from basico_stock import celery_settings, startup, watchdog

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "basico_stock.settings")

app = Celery("basico_stock")
app.conf.update(celery_settings.configuration(settings.BROKER_URL, settings.TIME_ZONE))
app.autodiscover_tasks()
app.autodiscover_tasks(["reservations.shopify"])


@setup_logging.connect
def _keep_django_logging(**_: Any) -> None:
    """Keep Django's LOGGING: when this signal has a receiver, Celery installs none of its own."""


@celeryd_init.connect
@beat_init.connect
def _refuse_mistaken_machine(**_: Any) -> None:
    startup.refuse_mistakes()


@worker_ready.connect
def _watch(sender: Consumer, **_: Any) -> None:
    watchdog.start(sender)
