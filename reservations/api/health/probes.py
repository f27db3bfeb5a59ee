"""Probes ask the parts that the service needs, each with a deadline: a frozen part must not freeze its caller."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as Late
from dataclasses import dataclass
from time import monotonic
from typing import Any, Generic, TypeVar

import psycopg
from django.conf import settings
from django.db import connection
from kombu import Connection

DEADLINE_SECONDS = 2.0
# Anybody may call; a probe asks its part once a second at most.
CACHE_SECONDS = 1.0


_HEARTBEAT_AGE = """
SELECT extract(epoch FROM clock_timestamp() - at)::float8 FROM reservations_heartbeat WHERE name = 'worker'
"""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Finding(Generic[T]):
    """A probe's value, or its problem in one word."""

    value: T | None = None
    problem: str | None = None


class Probe(Generic[T]):
    """Asks in a thread of its own, one question at a time; it does not repeat an open question until that ends."""

    def __init__(self, name: str, ask: Callable[[], T]) -> None:
        self._name, self._ask = name, ask
        self._lock = threading.Lock()
        self._asked_at = float("-inf")
        self._answer: Future[T] | None = None

    def find(self) -> Finding[T]:
        """The answer, at most a second old, after at most two seconds."""
        try:
            return Finding(value=self._current().result(timeout=DEADLINE_SECONDS))
        except Late:
            return Finding(problem="timeout")
        except Exception:  # noqa: BLE001 - every driver has its own errors, and each means "away"
            return Finding(problem="unreachable")

    def _current(self) -> Future[T]:
        with self._lock:
            answer = self._answer
            if answer is None or (answer.done() and monotonic() - self._asked_at > CACHE_SECONDS):
                answer = self._answer = Future()
                self._asked_at = monotonic()
                threading.Thread(target=self._run, args=(answer,), name=f"probe-{self._name}", daemon=True).start()
            return answer

    def _run(self, answer: Future[T]) -> None:
        try:
            answer.set_result(self._ask())
        except BaseException as error:  # noqa: BLE001 - the waiting thread gets it
            answer.set_exception(error)


def heartbeat_age() -> float | None:
    """Seconds since the worker's last heartbeat, by the database's clock; None if there was none.

    It opens a connection of its own: a pool that a flash sale keeps busy is not a database that is away.
    """
    parameters: dict[str, Any] = connection.get_connection_params()
    parameters.pop("pool", None)
    parameters |= {"connect_timeout": int(DEADLINE_SECONDS), "autocommit": True}
    with psycopg.connect(**parameters) as raw:
        row = raw.execute(_HEARTBEAT_AGE).fetchone()
    return float(row[0]) if row else None


def broker_answers() -> None:
    """Reach the broker, of whatever kind. Raises what its driver raises."""
    url = settings.BROKER_URL
    options: dict[str, float] = {"max_retries": 0}
    if url.startswith("redis"):
        options |= {"socket_timeout": DEADLINE_SECONDS, "socket_connect_timeout": DEADLINE_SECONDS}
    with Connection(url, connect_timeout=DEADLINE_SECONDS, transport_options=options) as broker:
        broker.default_channel  # noqa: B018 - opening it is the question
