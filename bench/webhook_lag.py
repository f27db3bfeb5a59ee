"""`python -m bench.webhook_lag`: how soon a webhook has its effect, and what that costs.

A backlog of a day's deliveries shows how many a second two workers apply, and the processor time of each. Then the same
kinds arrive over HTTP at a steady rate, alone and beside a flash sale of one SKU of the same shop: the lag is from the
moment at which we stored a delivery to the moment at which its effect was written. Everything runs on services of its
own.
"""

import argparse
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg

from basico_stock.dev import leftovers, procfile
from basico_stock.environment import REPOSITORY
from bench import counters, load, testbed
from bench.cases import CASES, HOT
from bench.load import Load, Target
from bench.servers import SERVICE, Server, started
from bench.shopify_day import ORDERS, SKUS, Delivery, day, sku
from bench.webhooks import Request, at
from bench.webhooks import load as send

RATE, SECONDS, CONNECTIONS = 100, 20, 32
# What the product wants: so many applied a second, and in 95 of 100 cases no later than this.
GOAL_PER_SECOND, GOAL_LAG_SECONDS = 200, 2.0
PATIENCE_SECONDS = 600
SEED = 17

_LAGS = """
SELECT extract(epoch FROM ended_at - received_at)::float8 FROM reservations_webhookdelivery
WHERE shop_id = %s AND id > %s AND ended_at IS NOT NULL
"""
_PENDING = "SELECT count(*) FROM reservations_webhookdelivery WHERE shop_id = %s AND status = 'pending'"


def main() -> int:
    """Measure, print, and return 1 when a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.webhook_lag", description=__doc__)
    parser.add_argument("--rate", type=int, default=RATE, help="deliveries per second")
    parser.add_argument("--seconds", type=int, default=SECONDS)
    asked = parser.parse_args()
    with testbed.services() as services:
        assert services.postgres
        assert services.postgres.process
        with started([SERVICE], services.home) as servers, _worker(services.home) as worker:
            database = services.postgres.url
            bench = _Bench(database, services.postgres.process.pid, servers[SERVICE.name], worker, services.home)
            rate = bench.backlog()
            calm = bench.steady("alone", asked.rate, asked.seconds, beside=False)
            busy = bench.steady("beside a sale", asked.rate, asked.seconds, beside=True)
    met = rate >= GOAL_PER_SECOND and max(calm, busy) < GOAL_LAG_SECONDS
    print(f"{GOAL_PER_SECOND} a second, p95 under {GOAL_LAG_SECONDS:.0f} s: {'met' if met else 'not met'}")
    return 0 if met else 1


class _Bench:
    """A shop, its web server and its worker."""

    def __init__(self, database: str, postgres: int, web: Server, worker: int, home: Path) -> None:
        from django.conf import settings

        from reservations import engine
        from reservations.models import ApiKey, Shop

        self.database = psycopg.connect(database, autocommit=True)
        self.postgres, self.web, self.worker, self.home = postgres, web, worker, home
        self.secret = settings.SHOPIFY_API_SECRET
        self.shop = Shop.objects.create(domain="bench-hooks.myshopify.com", hold_seconds=3_600)
        _, self.key = ApiKey.issue(self.shop, "bench")
        for name in (HOT, *(sku(number) for number in range(SKUS))):
            engine.apply_count(self.shop.pk, name, 1_000_000)
        self.chance, self.told = random.Random(SEED), 1

    def backlog(self) -> float:
        """Apply a day's deliveries that all wait; returns how many a second."""
        self._store(self._day(50))
        self._wait()
        self._store(self._day(ORDERS))
        self.database.execute("ANALYZE")
        count = self._pending()
        before, began = self._cpu(), time.monotonic()
        self._wait()
        seconds, (worker, postgres) = time.monotonic() - began, self._cpu()
        rate = count / seconds
        print(
            f"backlog of {count:,}: {rate:.0f} a second; each {(worker - before[0]) * 1000 / count:.1f} ms of worker, "
            f"{(postgres - before[1]) * 1000 / count:.1f} ms of PostgreSQL",
            flush=True,
        )
        return rate

    def steady(self, name: str, rate: int, seconds: int, *, beside: bool) -> float:
        """Deliveries at a steady rate; returns the p95 of the lag in seconds."""
        deliveries = self._day(max(10, rate * seconds // 4))[: rate * seconds]
        newest = self._one("SELECT coalesce(max(id), 0) FROM reservations_webhookdelivery", [])
        before = self._cpu()
        sale = _Sale(self, seconds) if beside else None
        waited = send(self.web.port, [self._request(told) for told in deliveries], rate)
        found = sale.end() if sale else None
        self._wait()
        worker, postgres = (now - then for now, then in zip(self._cpu(), before, strict=True))
        lags = [row[0] for row in self.database.execute(_LAGS, [self.shop.pk, newest]).fetchall()]
        p95 = at(lags, 0.95)
        cost = f"; each {worker * 1000 / len(lags):.1f} ms of worker"
        cost += "" if found else f", {postgres * 1000 / len(lags):.1f} ms of PostgreSQL"
        print(
            f"{name}, {rate} a second for {seconds} s: lag p50 {at(lags, 0.5):.2f} s, p95 {p95:.2f} s, most "
            f"{max(lags):.2f} s; answered p99 {at(waited, 0.99):.0f} ms{cost}",
            flush=True,
        )
        if found:
            alone = _Sale(self, 5).end()
            print(
                f"  the sale beside it: {found.requests / found.seconds:,.0f} a second, p99 {found.p99_ms:.0f} ms; "
                f"without deliveries {alone.requests / alone.seconds:,.0f}, p99 {alone.p99_ms:.0f} ms"
            )
        return p95

    def _day(self, orders: int) -> list[Delivery]:
        first, self.told = self.told, self.told + orders
        return day(self.chance, first, orders)

    def _request(self, told: Delivery) -> Request:
        return Request("POST", "/shopify/webhooks", told.body, told.headers(self.shop.domain, self.secret))

    def _store(self, deliveries: Sequence[Delivery]) -> None:
        """Put deliveries into the inbox, without a nudge."""
        from reservations.shopify.webhooks import inbox, kept_members
        from reservations.shopify.webhooks.headers import read_headers

        for told in deliveries:
            headers = told.headers(self.shop.domain, self.secret)
            meta = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
            payload = kept_members.slim(told.topic, kept_members.load(told.body))
            inbox.store_delivery(read_headers(meta), self.shop.domain, told.body, payload, "")

    def _wait(self) -> None:
        """Wait until nothing is pending, with the nudges that deliveries over HTTP would bring."""
        from reservations.shopify.tasks import process_webhooks

        deadline, nudged = time.monotonic() + PATIENCE_SECONDS, 0.0
        while self._pending():
            if time.monotonic() > deadline:
                raise SystemExit("The deliveries are not applied.")
            if time.monotonic() - nudged > 1.0:
                for _ in range(2):
                    process_webhooks.apply_async(kwargs={"shop_id": self.shop.pk}, expires=10)
                nudged = time.monotonic()
            time.sleep(0.1)

    def _pending(self) -> int:
        return self._one(_PENDING, [self.shop.pk])

    def _one(self, sql: str, values: Sequence[object]) -> int:
        row = self.database.execute(sql, values).fetchone()
        return int(row[0]) if row else 0

    def _cpu(self) -> tuple[float, float]:
        return counters.cpu_seconds(self.worker), counters.cpu_seconds(self.postgres)


class _Sale:
    """A flash sale of one SKU, for so long."""

    def __init__(self, bench: _Bench, seconds: float) -> None:
        requests = CASES["cart"].write(bench.home / "sale.requests", seconds, random.randrange(10**6))
        headers = {"Authorization": f"Api-Key {bench.key}", "Content-Type": "application/json"}
        target = Target(bench.web.port, headers, requests)
        self.seen: list[Load] = []
        self.thread = threading.Thread(target=lambda: self.seen.append(load.run(target, CONNECTIONS, seconds)))
        self.thread.start()

    def end(self) -> Load:
        """Wait for its end, and tell what it saw."""
        self.thread.join()
        return self.seen[0]


@contextmanager
def _worker(home: Path) -> Iterator[int]:
    """The Procfile's worker; yields its process id."""
    variables = {**os.environ, **leftovers.marked(home), "PYTHONPATH": str(REPOSITORY)}
    variables["PATH"] = f"{Path(sys.prefix) / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    variables.pop("DATABASE_STATEMENT_TIMEOUT_MS", None)
    command = ["/bin/sh", "-c", f"exec {procfile.read()['worker']}"]
    with (home / "worker.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=REPOSITORY, env=variables, stdout=log, stderr=log)
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    sys.exit(main())
