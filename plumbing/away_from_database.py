"""What a thread does before it waits for anything outside the database."""

import time

from django.db import connection


def leave_the_database() -> None:
    """Hold no row and no pooled connection while this thread waits. Raises RuntimeError inside a transaction.

    A waiter that kept its connection could hold the very one that whoever it waits for is waiting for.
    """
    if connection.in_atomic_block:
        raise RuntimeError("nothing outside the database is waited for inside a transaction")
    if connection.settings_dict.get("OPTIONS", {}).get("pool"):
        connection.close()


def pause(seconds: float) -> None:
    """Sleep for `seconds` and hold no connection meanwhile. Raises RuntimeError inside a transaction."""
    leave_the_database()
    time.sleep(seconds)
