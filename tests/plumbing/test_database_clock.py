"""The database's clock goes on inside a transaction, where PostgreSQL's now() stands still."""

import pytest
from django.db import transaction

from plumbing import database_clock, sql


@pytest.mark.django_db(transaction=True)
def test_the_clock_goes_on_while_a_transaction_is_open() -> None:
    with transaction.atomic():
        (began,) = sql.one_row("SELECT now()")
        sql.execute("SELECT pg_sleep(0.01)")
        first, second = database_clock.now(), database_clock.now()
    assert began < first < second
    assert first.tzinfo is not None
