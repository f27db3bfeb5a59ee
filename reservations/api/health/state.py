"""The state of the whole service in three figures, for those who watch it."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Sum
from django.db.models.functions import Now

from reservations.models import Reservation, Shortfall, Status

from .probes import Probe, heartbeat_age


@dataclass(frozen=True, slots=True)
class State:
    """All shops together. ``heartbeat_age_seconds`` is None until a worker did its first round."""

    holds_active: int
    shortfall_units: int
    heartbeat_age_seconds: float | None


def read_state() -> State:
    """Read the figures. Raises what the database driver raises."""
    try:
        alive = Reservation.objects.filter(status=Status.ACTIVE, expires_at__gt=Now())
        missing = Shortfall.objects.filter(resolved_at=None).aggregate(units=Sum("quantity"))["units"]
        return State(alive.count(), missing or 0, heartbeat_age())
    finally:
        connection.close()  # the thread that asked ends with the question


state = Probe("state", read_state)
