"""Let go of the database before waiting for anything outside it."""

import time

from django.db import connection


def leave_the_database() -> None:
    """Give this thread's pooled connection back before it waits. Raises RuntimeError inside a transaction.

    A waiter that kept its connection could hold the very one that the thread it waits for needs.
    """
    if connection.in_atomic_block:
        raise RuntimeError("nothing outside the database is waited for inside a transaction")
    if connection.settings_dict.get("OPTIONS", {}).get("pool"):
        connection.close()


def pause(seconds: float) -> None:
    """Sleep for `seconds` without a connection. Raises RuntimeError inside a transaction."""
    leave_the_database()
    time.sleep(seconds)
