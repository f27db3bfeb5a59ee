"""Lets holds die while buyers make others, and runs the expiry job as often as beat would."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection

from reservations import engine

TURN_SECONDS = 0.2
# Random bits of an id below this: 13 of 256, 5 % of the holds.
_DIE = """
UPDATE reservations_reservation SET expires_at = clock_timestamp()
WHERE shop_id = %(shop)s AND status = 'active' AND expires_at > %(since)s AND get_byte(uuid_send(id), 15) < 13
"""
_NEWEST = "SELECT max(expires_at) FROM reservations_reservation WHERE shop_id = %(shop)s AND status = 'active'"


@contextmanager
def some_holds_die(shop_id: int, database_url: str) -> Iterator[None]:
    """While the block runs, end the time of one new hold in twenty, and run the expiry job."""
    done = threading.Event()
    thread = threading.Thread(target=_take_turns, args=(shop_id, database_url, done))
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _take_turns(shop_id: int, database_url: str, done: threading.Event) -> None:
    try:
        with psycopg.connect(database_url, autocommit=True) as database:
            since = _newest(database, shop_id)
            while not done.wait(TURN_SECONDS):
                newest = _newest(database, shop_id)
                if since is not None:
                    database.execute(_DIE, {"shop": shop_id, "since": since})
                    engine.expire(shop_id)
                since = newest
    finally:
        connection.close()


def _newest(database: psycopg.Connection, shop_id: int) -> object:
    row = database.execute(_NEWEST, {"shop": shop_id}).fetchone()
    return row[0] if row else None
