"""What every test stands on: real PostgreSQL, real Redis, and a database that can be emptied between tests."""

import atexit
import os
from collections.abc import Callable, Iterator
from typing import Any

import django
import pytest

from tests.services import TestServices

# At import and not in a hook: other conftest files import models, which need settings, which need addresses.
services = TestServices()
atexit.register(services.stop)
services.start()
os.environ["DJANGO_SETTINGS_MODULE"] = "basico_stock.settings"
django.setup()


@pytest.fixture(scope="session", autouse=True)
def ledger_may_be_emptied_between_tests() -> Iterator[None]:
    """The ledger refuses TRUNCATE by a trigger; Django's flush after a `transaction=True` test steps past it."""
    from django.db.backends.postgresql.operations import DatabaseOperations

    flush: Callable[..., list[str]] = DatabaseOperations.sql_flush

    def past_triggers(self: DatabaseOperations, *args: Any, **kwargs: Any) -> list[str]:
        statements = flush(self, *args, **kwargs)
        return ["SET LOCAL session_replication_role = replica", *statements] if statements else []

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", past_triggers)
        yield
