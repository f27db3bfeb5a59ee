"""The machine made ready: a PostgreSQL and a Redis for this run alone, with every measured server's tables."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import django
from django.core.management import call_command

from basico_stock import environment
from basico_stock.dev import leftovers, machine_values
from basico_stock.dev.local_services import Services


@contextmanager
def services() -> Iterator[Services]:
    """A fresh PostgreSQL and a Redis in a home of their own, this process's Django set up to use them."""
    home = environment.home() / "bench"
    home.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        _only_one(home, stack)
        leftovers.stop(home)
        running = Services(home)
        running.erase()
        stack.callback(_clean, running, home)
        running.start()
        _write_settings(home, running)
        _set_up_django()
        yield running


def _only_one(home: Path, stack: ExitStack) -> None:
    lock = stack.enter_context((home / "lock").open("w"))
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise SystemExit("A measurement runs already; two at once would measure each other.") from None


def _write_settings(home: Path, running: Services) -> None:
    """Write the settings that every process reads: those of a development machine, without its stand-ins."""
    os.environ["BASICO_HOME"] = str(home)
    os.environ.update(machine_values.complete({**running.urls(), "SANDBOX": "0"}))
    for changed in ("PORT", "GROUP_COMMIT", "ERP_BACKEND", "WEB_PROCESSES", "WEB_THREADS", "DATABASE_POOL_SIZE"):
        os.environ.pop(changed, None)


def _set_up_django() -> None:
    """This process speaks to the engine itself, and its audits may take their time."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "basico_stock.settings"
    os.environ["DATABASE_STATEMENT_TIMEOUT_MS"] = "0"
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    baselines = [sys.executable, "-m", "django", "migrate", "--run-syncdb", "--verbosity=0"]
    subprocess.run([*baselines, "--settings=bench.baselines.settings"], cwd=environment.REPOSITORY, check=True)


def _clean(running: Services, home: Path) -> None:
    leftovers.stop(home)
    running.erase()
    shutil.rmtree(home / "requests", ignore_errors=True)
