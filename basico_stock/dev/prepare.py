"""Bring the database up to date and make the demo shop: `python -m basico_stock.dev.prepare`."""

import os
import sys

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import OperationalError

from basico_stock import startup

# The longest that a worker takes to be there.
NUDGE_SECONDS = 60


def main() -> None:
    """Check this machine, migrate, and make the demo shop and sign-in where there are none.

    Ends the process with a sentence, and status 1, where something is in the way.
    """
    os.environ["DJANGO_SETTINGS_MODULE"] = "basico_stock.settings"
    # Migrations may take their time.
    os.environ["DATABASE_STATEMENT_TIMEOUT_MS"] = "0"
    # Without a pool we see PostgreSQL's own words when it refuses.
    os.environ["DATABASE_POOL_SIZE"] = "0"
    try:
        django.setup()
        startup.refuse_mistakes()
        call_command("migrate", interactive=False, verbosity=0)
    except ImproperlyConfigured as mistake:
        sys.exit(str(mistake))
    except OperationalError as error:
        sys.exit(f"The database of DATABASE_URL does not answer: {error}")
    _refuse_absent_broker()
    _make_demo()


def _refuse_absent_broker() -> None:
    """Fail now, instead of a minute's wait for a service that never becomes ready."""
    from reservations.api.health.probes import broker_answers

    try:
        broker_answers()
    except Exception as error:  # noqa: BLE001 - every broker has its own errors, and each means "no answer"
        sys.exit(f"The broker of REDIS_URL (or BROKER_URL) does not answer: {error}")


def _make_demo() -> None:
    from django.conf import settings

    from bling_sync.demo_connection import read_anew_if_sandbox
    from reservations.demo_shop import ensure_demo_admin, ensure_demo_shop

    if settings.DEVELOPMENT:
        ensure_demo_shop()
        ensure_demo_admin()
        if read_anew_if_sandbox():
            _wake_worker()


def _wake_worker() -> None:
    """Let the worker read as soon as it is there, and not with its first sweep."""
    # This import makes the project's app the one that the task belongs to.
    import basico_stock.celery  # noqa: F401
    from bling_sync.tasks import sweep

    sweep.apply_async(expires=NUDGE_SECONDS, retry=False)


if __name__ == "__main__":
    main()
