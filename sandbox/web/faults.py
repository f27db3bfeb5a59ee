"""Misbehaviour on request: which one, on which requests, how often."""

import random
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sandbox.web.messages import CutConnection, Response

Handle = Callable[[], Response]


@dataclass
class Fault:
    """One misbehaviour.

    `kind` names it. `on` is the start of `METHOD /path` or a regular expression of it after `re:`. It passes over
    the first `skip` requests that match, then hits `times` of them (None: for ever), each with `probability`.
    `seconds` is how long the slow ones take; `account` limits it to one company or shop.
    """

    kind: str
    on: str = ""
    times: int | None = 1
    skip: int = 0
    probability: float = 1.0
    seconds: float = 0.0
    account: str = ""
    hits: int = field(default=0, init=False)

    def matches(self, label: str, account: str) -> bool:
        """Whether this request is one of those that `on` and `account` mean."""
        if self.account and self.account != account:
            return False
        if self.on.startswith("re:"):
            return re.search(self.on[3:], label) is not None
        return label.startswith(self.on)

    @property
    def spent(self) -> bool:
        """Whether it has hit as often as it may."""
        return self.times is not None and self.hits >= self.times


class Faults:
    """The misbehaviours in force, oldest first; a request suffers at most one."""

    def __init__(self, seed: int = 0) -> None:
        """Begin with none. `seed` makes the probabilities repeatable."""
        self._faults: list[Fault] = []
        self._random = random.Random(seed)  # noqa: S311 - chances, not secrets
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        """Put one in force."""
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        """Behave again."""
        with self._lock:
            self._faults.clear()

    def seed(self, seed: int) -> None:
        """Begin the sequence of chances anew."""
        self._random.seed(seed)

    def listed(self) -> list[Fault]:
        """All that were put in force, the spent ones too."""
        with self._lock:
            return list(self._faults)

    def take(self, label: str, account: str = "") -> Fault | None:
        """The misbehaviour that hits this request (`METHOD /path`), None when it is treated well."""
        with self._lock:
            for fault in self._faults:
                if not fault.spent and fault.matches(label, account) and self._strikes(fault):
                    return fault
        return None

    def _strikes(self, fault: Fault) -> bool:
        if fault.skip > 0:
            fault.skip -= 1
            return False
        if self._random.random() >= fault.probability:
            return False
        fault.hits += 1
        return True


# A misbehaviour answers the request that a fault hits; the handle carries the request out.
Misbehaviour = Callable[[Fault, Handle], Response]


def common(server_error: Callable[[], Response]) -> Mapping[str, Misbehaviour]:
    """The misbehaviours of every service. `before` and `after` are seen from the effect of the request."""

    def after(handle: Handle, then: Callable[[], Response]) -> Response:
        handle()
        return then()

    def slow(fault: Fault, handle: Handle) -> Response:
        time.sleep(fault.seconds)
        return handle()

    def slow_after(fault: Fault, handle: Handle) -> Response:
        response = handle()
        time.sleep(fault.seconds)
        return response

    return {
        "error_before": lambda fault, handle: server_error(),
        "error_after": lambda fault, handle: after(handle, server_error),
        "cut_before": lambda fault, handle: _cut(),
        "cut_after": lambda fault, handle: after(handle, _cut),
        "slow": slow,
        "slow_after": slow_after,
    }


def _cut() -> Response:
    raise CutConnection
