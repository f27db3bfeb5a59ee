"""What every test stands on: real PostgreSQL, real Redis, and a database that can be emptied between tests."""

import atexit
import gc
import os
from collections.abc import Generator, Iterator

import django
import pytest
from django.db import connection

from basico_stock.dev.local_services.postgres_server import DATABASE
from tests.attacks.tally import AttackSummary
from tests.canaries import CanaryWatch
from tests.distribution import pytest_xdist_make_scheduler
from tests.services import TestServices
from tests.skipped import pytest_terminal_summary
from tests.support.migrated_data import migrated_data

# The suite's pytest hooks and fixtures of many folders, each in a file of its own.
__all__ = [
    "migrated_data",
    "pytest_terminal_summary",
    "pytest_xdist_make_scheduler",
]

# At import, not in a hook: other conftest files import models, models need settings, and settings need addresses.
services = TestServices()
atexit.register(services.stop)
services.start()
os.environ["DJANGO_SETTINGS_MODULE"] = "basico_stock.settings"
django.setup()


def pytest_configure(config: pytest.Config) -> None:
    """Plugins in files of their own: what the attacks sent, told at the end, and the secrets that no log may show."""
    config.pluginmanager.register(AttackSummary(), "attacks")
    config.pluginmanager.register(CanaryWatch(), "canaries")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect thousands of tests, which stay, without looking through them for garbage again and again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()


def pytest_xdist_setupnodes() -> None:
    """Side by side (`-n`), each process begins without our services and starts its own, as this one did."""
    services.withdraw()
    # Where it is set, pytest-django reads the settings before there are any addresses.
    del os.environ["DJANGO_SETTINGS_MODULE"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Let the tests' own database begin as a copy of the one whose tables are made; pytest-django asks for this."""
    if services.has_tables():
        connection.settings_dict["TEST"]["TEMPLATE"] = DATABASE


@pytest.fixture(scope="session", autouse=True)
def tables_are_emptied_quickly_between_tests() -> Iterator[None]:
    """After a `transaction=True` test Django empties the database; see tests/emptying.py for how."""
    from tests import emptying

    with pytest.MonkeyPatch.context() as patch:
        emptying.install(patch)
        yield


@pytest.fixture(scope="session", autouse=True)
def no_thread_writes_what_it_gathered_between_tests() -> Iterator[None]:
    """Tests write that themselves: a thread with what an earlier test left would meet the emptying of the tables.

    Servers that tests start are processes of their own and keep their thread.
    """
    from reservations import turned_away
    from reservations.api.key_use import key_use

    gatherers = (turned_away.clerk, key_use)
    with pytest.MonkeyPatch.context() as patch:
        for gatherer in gatherers:
            patch.setattr(gatherer.__class__, "start", lambda self: None)
        yield
    for gatherer in gatherers:
        gatherer.begin()
