"""What the API measures about reserving, in base units. The engine measures its transactions itself."""

from collections.abc import Callable
from functools import cache
from time import perf_counter

from django.http import HttpResponse
from prometheus_client import Counter, Histogram

from reservations.engine import EngineError

from .answers import REPLAYED

RESERVATIONS = Counter(
    "bazico_reservations_total",
    "Reserve requests by outcome: reserved, replayed, error, or the code of the refusal",
    ["outcome"],
)
RESERVE_SECONDS = Histogram(
    "bazico_reserve_duration_seconds",
    "A reserve request inside the view, from its first byte read to its answer",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)

# `labels` takes a lock and makes a key of its arguments each time; the outcomes are few.
_counter = cache(RESERVATIONS.labels)


def measured(reserve: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer of `reserve`, with its outcome counted and its time taken, whatever it raises."""
    started = perf_counter()
    outcome = "error"
    try:
        response = reserve()
        outcome = "replayed" if REPLAYED in response.headers else "reserved"
    except EngineError as refusal:
        outcome = refusal.code
        raise
    finally:
        _counter(outcome).inc()
        RESERVE_SECONDS.observe(perf_counter() - started)
    return response
