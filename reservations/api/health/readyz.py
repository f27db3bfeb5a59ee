"""``GET /readyz``: every part that the service needs answers, and the worker works."""

from collections.abc import Mapping
from time import monotonic

from reservations.api import answers
from reservations.api.answers import Reply
from reservations.api.errors import NotReady
from reservations.api.pipeline import ApiRequest, OpenView
from reservations.api.schema import operations

from .probes import Finding, Probe, broker_answers, heartbeat_age

# Beat sends a heartbeat every ten seconds; six missed ones are a worker that is away or deaf.
HEARTBEAT_LIMIT_SECONDS = 60
_STARTED_AT = monotonic()

Checks = dict[str, Mapping[str, object]]
database = Probe("database", heartbeat_age)
broker = Probe("broker", broker_answers)


class ReadyView(OpenView):
    """Readiness."""

    @operations.readyz
    def get(self, request: ApiRequest) -> Reply:
        """200 and the state of each part, or NotReady with the same."""
        checks = state_of(database.find(), broker.find(), uptime_seconds=monotonic() - _STARTED_AT)
        failing = [name for name, check in checks.items() if check["status"] not in ("ok", "starting")]
        if failing:
            raise NotReady(checks, failing)
        return answers.send(answers.success({"status": "ready", "checks": checks}))


def state_of(database: Finding[float | None], broker: Finding[None], *, uptime_seconds: float) -> Checks:
    """Each part by name, with a status in one word."""
    return {
        "database": {"status": database.problem or "ok"},
        "broker": {"status": broker.problem or "ok"},
        "worker": _worker(database, uptime_seconds),
    }


def _worker(database: Finding[float | None], uptime_seconds: float) -> Mapping[str, object]:
    """The worker's state. Just after a start the last heartbeat may be an old one: the next has a minute to come."""
    if database.problem:
        return {"status": "unknown", "heartbeat_age_seconds": None}
    age = database.value
    status = "ok"
    if age is None or age > HEARTBEAT_LIMIT_SECONDS:
        status = "starting" if uptime_seconds < HEARTBEAT_LIMIT_SECONDS else "silent"
    return {"status": status, "heartbeat_age_seconds": age if age is None else round(age, 1)}
