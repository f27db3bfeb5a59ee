"""``GET /metrics``: what this service measures, for Prometheus."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from hmac import compare_digest

from django.conf import settings
from django.db import connection
from django.db.models import Sum
from django.db.models.functions import Now
from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from reservations.api import answers
from reservations.api.answers import Reply
from reservations.api.errors import InvalidMetricsToken, NotFound
from reservations.api.pipeline import ApiRequest, OpenView
from reservations.api.schema import operations
from reservations.engine import Answer
from reservations.hold_ends import HoldEnds, hold_ends
from reservations.models import HeldBy, Reservation, Shortfall, Status

from .probes import Probe, heartbeat_age


@dataclass(frozen=True, slots=True)
class State:
    """The whole service, all shops together. ``heartbeat_age_seconds`` is None until a worker's first heartbeat."""

    holds_active: int
    shortfall_units: int
    heartbeat_age_seconds: float | None
    ends: list[HoldEnds]


def read_state() -> State:
    """Read the figures. Raises what the database driver raises."""
    try:
        alive = Reservation.objects.filter(status=Status.ACTIVE, ended_at=None, expires_at__gt=Now())
        shortfall = Shortfall.objects.filter(resolved_at=None).aggregate(units=Sum("quantity"))["units"]
        return State(alive.count(), shortfall or 0, heartbeat_age(), hold_ends())
    finally:
        connection.close()  # the probe's thread ends with its question, and would leave the connection open


state = Probe("state", read_state)


class StateCollector(Collector):
    """The figures that only the database knows; absent while it is away, so that an alert can tell."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """One gauge for each figure that is known."""
        known = state.find().value
        if known is None:
            return
        yield GaugeMetricFamily("bazico_holds_active", "Reservations that hold units now", known.holds_active)
        yield GaugeMetricFamily(
            "bazico_shortfall_units", "Units sold that do not exist and are not settled", known.shortfall_units
        )
        yield _ended(known.ends)
        yield GaugeMetricFamily(
            "bazico_unpaid_holds_alarms",
            "Shops whose shoppers held much and bought little within the last hour",
            len({each.shop_id for each in known.ends if each.alarms}),
        )
        if known.heartbeat_age_seconds is not None:
            yield GaugeMetricFamily(
                "bazico_heartbeat_age_seconds", "Since the worker last did its round", known.heartbeat_age_seconds
            )


def _ended(ends: list[HoldEnds]) -> GaugeMetricFamily:
    told = "Reservations that ended within the last hour, by who held and how"
    family = GaugeMetricFamily("bazico_holds_ended_last_hour", told, labels=["held_by", "outcome"])
    for held_by in HeldBy.values:
        own = [each for each in ends if each.held_by == held_by]
        family.add_metric([held_by or "server", "bought"], sum(each.bought for each in own))
        family.add_metric([held_by or "server", "unpaid"], sum(each.unpaid for each in own))
    return family


class MetricsView(OpenView):
    """Figures of all processes of this server."""

    @operations.metrics
    def get(self, request: ApiRequest) -> Reply:
        """The figures, in the format that Prometheus reads. Raises NotFound or InvalidMetricsToken."""
        _check_token(request)
        figures = generate_latest(_counted()) + generate_latest(_read())
        return answers.send_as(CONTENT_TYPE_LATEST, Answer(200, figures))


def _check_token(request: ApiRequest) -> None:
    """Let anybody in on a development machine. Elsewhere raise NotFound if no token is set, or InvalidMetricsToken."""
    if settings.DEVELOPMENT:
        return
    if not settings.METRICS_TOKEN:
        raise NotFound
    expected = f"Bearer {settings.METRICS_TOKEN}".encode()
    if not compare_digest(request.META.get("HTTP_AUTHORIZATION", "").encode(errors="replace"), expected):
        raise InvalidMetricsToken


def _counted() -> CollectorRegistry:
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry


def _read() -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(StateCollector())
    return registry
