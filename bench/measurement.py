"""The rounds: each point once a round, with the counters read right before and right after its load."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path

import psycopg

from bench import counters, load, pgbench, shops
from bench.dead_holds import some_holds_die
from bench.pgbench import Alone
from bench.plan import Point
from bench.samples import Result, Sample
from bench.servers import Server

WARM_UP_SECONDS = 1.0
WARM_UP_CONNECTIONS = 32


@dataclass
class Bench:
    """One run: its servers, its shops, and what was found so far."""

    home: Path
    database_url: str
    postgres: int
    servers: dict[str, Server]
    points: list[Point]
    results: dict[str, Result] = field(default_factory=dict)
    tenants: dict[str, shops.Tenant] = field(default_factory=dict)
    # By shop: the 200s of every load, and how many more requests a load may have cut off at its end.
    answered: dict[str, int] = field(default_factory=dict)
    under_way: dict[str, int] = field(default_factory=dict)
    alone: list[Alone] = field(default_factory=list)
    loads: int = 0

    def prepare(self) -> None:
        """Open a shop for each case of the service, and let each server answer a while before anything counts."""
        (self.home / "requests").mkdir(exist_ok=True)
        shops.stock_the_textbook()
        self.results = {point.key: Result(point) for point in self.points}
        for point in self.points:
            if self._is_ours(point) and self._shop(point) not in self.tenants:
                self.tenants[self._shop(point)] = shops.open_shop(self._shop(point), point.case)
        with ThreadPoolExecutor() as pool:
            list(pool.map(self._warm_up, self.servers))
        shops.analyse()

    def round(self) -> None:
        """Measure each point once."""
        with psycopg.connect(self.database_url, autocommit=True) as database:
            for point in self.points:
                sample = self.measure(point, database)
                self.results[point.key].samples.append(sample)
                print(f"  {point.key:<22} {sample}", flush=True)
        # A second each: pgbench counts in whole ones.
        for alone in self.alone:
            alone.rates.append(pgbench.measure(alone.units, self.database_url, seconds=1))

    def measure(self, point: Point, database: psycopg.Connection) -> Sample:
        """One load, and what it cost."""
        read = counters.reader(self.servers[point.server], self.postgres, database)
        before = read()
        seen = self.put_under_load(point)
        return Sample(seen, read() - before)

    def proofs(self) -> list[str]:
        """List what does not add up in the shops; anything at all proves a defect."""
        problems = []
        for name, tenant in self.tenants.items():
            problems += [f"{name}: {finding}" for finding in shops.findings(tenant)]
            problems += self._lost_or_invented(name, tenant)
        return problems

    def _lost_or_invented(self, name: str, tenant: shops.Tenant) -> list[str]:
        """Every 200 is in the database, and nothing is there that nobody asked for."""
        rows = next(point.case.rows for point in self.points if self._is_ours(point) and self._shop(point) == name)
        if rows is None:
            return []
        found = shops.reservations_of(tenant)
        least = rows * self.answered.get(name, 0)
        if least <= found <= least + rows * self.under_way.get(name, 0):
            return []
        return [f"{name}: {self.answered[name]} answers of 200 and {found} reservations"]

    def put_under_load(self, point: Point) -> load.Load:
        """One load, remembered for the proofs."""
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        side: AbstractContextManager[None] = nullcontext()
        if self._is_ours(point):
            tenant = self.tenants[self._shop(point)]
            headers["Authorization"] = f"Api-Key {tenant.key}"
            if point.case.holds_die:
                side = some_holds_die(tenant.shop.pk, self.database_url)
        self.loads += 1
        file = self.home / "requests" / point.key.replace("/", "-")
        requests = point.case.write(file, point.seconds, seed=self.loads)
        target = load.Target(self.servers[point.server].port, headers, requests, point.case.confirms)
        with side:
            seen = load.run(target, point.connections, point.seconds)
        self._remember(point, seen)
        return seen

    def _warm_up(self, server: str) -> None:
        first = next(point for point in self.points if point.server == server)
        self.put_under_load(replace(first, connections=WARM_UP_CONNECTIONS, seconds=WARM_UP_SECONDS))

    def _remember(self, point: Point, seen: load.Load) -> None:
        if self._is_ours(point):
            name = self._shop(point)
            self.answered[name] = self.answered.get(name, 0) + seen.answers.get("200", 0)
            self.under_way[name] = self.under_way.get(name, 0) + point.connections + seen.socket_errors

    def _is_ours(self, point: Point) -> bool:
        return point.server in ("service", "single")

    def _shop(self, point: Point) -> str:
        return f"{point.case.name}-{point.server}"


def repeat(bench: Bench, rounds: int, deadline: float) -> None:
    """Do up to `rounds` rounds, leaving out those that would not end before `deadline` (time.monotonic)."""
    longest = 0.0
    for number in range(1, rounds + 1):
        if time.monotonic() + longest > deadline:
            print(f"Time is up after {number - 1} of {rounds} rounds: this machine is slow or busy.")
            return
        started = time.monotonic()
        print(f"Round {number} of {rounds}", flush=True)
        bench.round()
        longest = max(longest, time.monotonic() - started)
