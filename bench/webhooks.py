"""`python -m bench.webhooks`: how long Shopify waits for its 200, beside a running `bin/dev`.

Signed deliveries of carts come at a steady rate, whether or not those before were answered, and each counts from the
moment at which it was due: a server that stalls is not excused by the requests that a stall keeps from being sent. The
baseline of the same run is the address that does nothing, `/healthz`, asked at the same rate.
"""

import argparse
import base64
import hashlib
import hmac
import http.client
import itertools
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

import django
import orjson

RATE, SECONDS, CONNECTIONS = 200, 20, 32
# In 99 of 100 deliveries Shopify must wait no longer than this.
BAR_MS = 50.0
ANSWER_SECONDS = 12
CARTS = 500

Headers = dict[str, str]


@dataclass(frozen=True)
class Request:
    """One request, as it goes over the wire."""

    method: str
    path: str
    body: bytes
    headers: Headers


def main() -> int:
    """Load both addresses one after the other and print the waiting times; return 1 when the service misses the bar."""
    parser = argparse.ArgumentParser(prog="python -m bench.webhooks", description=__doc__)
    parser.add_argument("--rate", type=int, default=RATE, help="requests per second")
    parser.add_argument("--seconds", type=int, default=SECONDS)
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "basico_stock.settings")
    django.setup()
    from django.conf import settings

    from reservations.models import Shop

    domain = Shop.objects.order_by("pk").values_list("domain", flat=True)[0]
    secret = settings.SHOPIFY_API_SECRET
    print(f"{asked.rate} requests per second for {asked.seconds} s\n{'':10} {'p50 ms':>8} {'p99 ms':>8} {'most':>8}")
    count = asked.rate * asked.seconds
    shown("/healthz", load(settings.PORT, [Request("GET", "/healthz", b"", {})] * count, asked.rate))
    waited = load(settings.PORT, [delivery(domain, secret, number) for number in range(count)], asked.rate)
    shown("webhooks", waited)
    met = at(waited, 0.99) < BAR_MS
    print(f"p99 under {BAR_MS:.0f} ms: {'met' if met else 'not met'}")
    return 0 if met else 1


def shown(name: str, waited: Sequence[float]) -> None:
    """Print a line of the table."""
    print(f"{name:10} {at(waited, 0.5):8.1f} {at(waited, 0.99):8.1f} {max(waited):8.1f}")


def delivery(domain: str, secret: str, number: int) -> Request:
    """A cart with one line, signed as Shopify signs it."""
    token = f"bench-{number % CARTS}"
    line = {"id": 1, "variant_id": 1, "sku": "SKU-OF-NOBODY", "quantity": 1, "properties": None, "title": "x" * 300}
    body = orjson.dumps(
        {"id": token, "token": token, "line_items": [line], "updated_at": datetime.now(UTC).isoformat()}
    )
    signature = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    headers = {
        "Content-Type": "application/json",
        "X-Shopify-Topic": "carts/update",
        "X-Shopify-Shop-Domain": domain,
        "X-Shopify-Webhook-Id": str(uuid4()),
        "X-Shopify-Hmac-Sha256": base64.b64encode(signature).decode(),
    }
    return Request("POST", "/shopify/webhooks", body, headers)


def load(port: int, requests: Sequence[Request], rate: int) -> list[float]:
    """Send each request when it is due; the milliseconds from then to its answer, which must be a 200."""
    waited: list[float] = []
    turns, begins = itertools.count(), time.monotonic() + 0.5

    def send() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_SECONDS)
        # One number after the other, each to one thread alone: `next` of a count is one step.
        while (turn := next(turns)) < len(requests):
            due, request = begins + turn / rate, requests[turn]
            time.sleep(max(0.0, due - time.monotonic()))
            connection.request(request.method, request.path, request.body, request.headers)
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{request.path}: {answer.status}")
            waited.append((time.monotonic() - due) * 1_000)

    in_threads(send, CONNECTIONS)
    if len(waited) < len(requests):
        raise SystemExit(f"only {len(waited)} of {len(requests)} requests were answered by 200")
    return waited


def in_threads(work: Callable[[], None], count: int) -> None:
    """Let `count` threads do the same, and wait for them."""
    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def at(values: Sequence[float], share: float) -> float:
    """The value that `share` of all `values` do not exceed."""
    return sorted(values)[max(0, round(len(values) * share) - 1)]


if __name__ == "__main__":
    sys.exit(main())
