"""Before anything outside the database is waited for."""

import time

from django.db import connection


def leave_the_database() -> None:
    """Lock no row and keep no pooled connection from those who need one.

    A waiter that kept its connection could hold the very one that whoever it waits for is waiting for.
    """
    if connection.in_atomic_block:
        raise RuntimeError("nothing outside the database is waited for inside a transaction")
    if connection.settings_dict.get("OPTIONS", {}).get("pool"):
        connection.close()


def pause(seconds: float) -> None:
    """Sleep, without a connection."""
    leave_the_database()
    time.sleep(seconds)
