"""Webhooks on their way: late, twice, out of order, tried again, and given up, as the real ones are."""

import heapq
import random
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from itertools import count

import requests

# Both services give a receiver five seconds.
TIMEOUT_SECONDS = 5
SENDERS = 8
IDLE_POLL_SECONDS = 0.01


@dataclass
class Manners:
    """How webhooks travel. Times in seconds, chances from 0 to 1.

    Each takes `lag_min` to `lag_max`; a `shuffled` one up to `shuffle_seconds` more, so that later ones overtake it;
    a `duplicated` one is sent twice. A failed one is tried again after each of `retries`, then given up.
    """

    lag_min: float = 0.0
    lag_max: float = 0.0
    duplicated: float = 0.0
    shuffled: float = 0.0
    shuffle_seconds: float = 1.0
    lost: float = 0.0
    paused: bool = False
    retries: list[float] = field(default_factory=lambda: [0.5, 1.0, 2.0, 5.0, 10.0, 30.0])


@dataclass
class Delivery:
    """One webhook: where to, its headers, its exact body, and what came of each try (0: no answer)."""

    url: str
    headers: Mapping[str, str]
    body: bytes
    topic: str
    account: str = ""
    statuses: list[int] = field(default_factory=list)
    given_up: bool = False


class Deliveries:
    """A queue by due time, and the threads that send what is due."""

    def __init__(self, manners: Manners | None = None, seed: int = 0) -> None:
        """Begin with nothing under way."""
        self.manners = manners or Manners()
        self.gave_up: Callable[[Delivery], None] = lambda delivery: None
        self.sent: list[Delivery] = []
        self._random = random.Random(seed)  # noqa: S311 - chances, not secrets
        self._due: list[tuple[float, int, Delivery]] = []
        self._numbers = count()
        self._under_way = 0
        self._changed = threading.Condition()
        self._stopping = False
        self._senders = ThreadPoolExecutor(SENDERS, thread_name_prefix="webhooks")
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def stop(self) -> None:
        """Send no more; what is under way is forgotten."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join()
        self._senders.shutdown(wait=True, cancel_futures=True)

    def send(self, delivery: Delivery, *, delay: float = 0.0) -> None:
        """Send it `delay` seconds from now and with the manners in force: late, shuffled, twice, or never."""
        manners = self.manners
        with self._changed:
            self.sent.append(delivery)
            if self._random.random() < manners.lost:
                delivery.given_up = True
                return
            for _ in range(2 if self._random.random() < manners.duplicated else 1):
                self._put(delivery, delay + self._travel(manners))

    def untaken(self) -> list[Delivery]:
        """Those that were neither taken nor given up yet."""
        with self._changed:
            return [one for one in self.sent if not one.given_up and not any(map(_is_taken, one.statuses))]

    def wait_idle(self, seconds: float) -> bool:
        """Wait until nothing is under way. Returns False when `seconds` were not enough."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with self._changed:
                if not self._due and not self._under_way:
                    return True
            time.sleep(IDLE_POLL_SECONDS)
        return False

    def under_way(self) -> int:
        """How many are waiting or being sent."""
        with self._changed:
            return len(self._due) + self._under_way

    def wake(self) -> None:
        """Look again: the manners have changed."""
        with self._changed:
            self._changed.notify_all()

    def _travel(self, manners: Manners) -> float:
        seconds = self._random.uniform(manners.lag_min, max(manners.lag_min, manners.lag_max))
        if self._random.random() < manners.shuffled:
            seconds += self._random.uniform(0, manners.shuffle_seconds)
        return seconds

    def _put(self, delivery: Delivery, delay: float) -> None:
        heapq.heappush(self._due, (time.monotonic() + delay, next(self._numbers), delivery))
        self._changed.notify_all()

    def _run(self) -> None:
        while (delivery := self._next()) is not None:
            self._senders.submit(self._try, delivery)

    def _next(self) -> Delivery | None:
        with self._changed:
            while not self._stopping:
                wait = self._due[0][0] - time.monotonic() if self._due and not self.manners.paused else None
                if wait is not None and wait <= 0:
                    self._under_way += 1
                    return heapq.heappop(self._due)[2]
                self._changed.wait(wait)
        return None

    def _try(self, delivery: Delivery) -> None:
        status = _post(delivery)
        with self._changed:
            delivery.statuses.append(status)
            failures = sum(not _is_taken(known) for known in delivery.statuses)
            if not _is_taken(status):
                self._again_or_give_up(delivery, failures)
            self._under_way -= 1
        if delivery.given_up:
            self.gave_up(delivery)

    def _again_or_give_up(self, delivery: Delivery, failures: int) -> None:
        if failures <= len(self.manners.retries):
            self._put(delivery, self.manners.retries[failures - 1])
        else:
            delivery.given_up = True


def _is_taken(status: int) -> bool:
    return 200 <= status < 300


_connections = threading.local()


def _post(delivery: Delivery) -> int:
    """The status of one try, 0 when nothing was answered. Connections are kept, as the real senders do."""
    try:
        answer = _session().post(
            delivery.url,
            data=delivery.body,
            headers=dict(delivery.headers),
            timeout=TIMEOUT_SECONDS,
            allow_redirects=False,
        )
    except requests.RequestException:
        return 0
    return answer.status_code


def _session() -> requests.Session:
    session: requests.Session | None = getattr(_connections, "session", None)
    if session is None:
        session = _connections.session = requests.Session()
        # A proxy of this machine is not on the way to loopback; cookies are not sent back.
        session.trust_env = False
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return session
