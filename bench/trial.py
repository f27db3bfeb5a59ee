"""One run on a machine that is ready, to its verdict."""

import psycopg
from django.db import connections

from basico_stock.dev.local_services import Services
from bench import counters, findings
from bench.findings import Findings
from bench.goals import judge
from bench.measurement import Bench, repeat
from bench.pgbench import Alone
from bench.plan import Plan, Point, servers_of
from bench.servers import KINDS, SERVICE, started

COMMITS_SECONDS = 2.0
COMMITS_CONNECTIONS = 64
_DURABILITY = ("server_version", "fsync", "synchronous_commit", "full_page_writes")


def run(services: Services, plan: Plan, rounds: int, deadline: float) -> Findings:
    """Measure what is planned in up to `rounds` rounds that end before `deadline` (time.monotonic)."""
    about = findings.surroundings()
    bench = _measure(services, plan, rounds, deadline)
    about["PostgreSQL"] = _durability(bench.database_url)
    goals = judge(bench.results, _commits(services, bench))
    problems = bench.proofs()
    connections.close_all()
    return Findings(about, bench.results, bench.alone, goals, problems)


def _measure(services: Services, plan: Plan, rounds: int, deadline: float) -> Bench:
    assert services.postgres
    assert services.postgres.process
    with started([KINDS[name] for name in servers_of(plan.points)], services.home) as servers:
        bench = Bench(services.home, services.postgres.url, services.postgres.process.pid, servers, plan.points)
        bench.alone = [Alone(units, []) for units in plan.alone]
        bench.prepare()
        repeat(bench, rounds, deadline)
    return bench


def _commits(services: Services, bench: Bench) -> float | None:
    """Transactions for each reservation of a hot SKU, reading ones included, as PostgreSQL itself counts them.

    Its sessions report what they did when they end, so a server is started for this alone and stopped again.
    """
    points = [point for point in bench.points if point.key == f"hot/{SERVICE.name}/{COMMITS_CONNECTIONS}"]
    if not points:
        return None
    connections.close_all()
    with psycopg.connect(bench.database_url, autocommit=True) as database:
        before = counters.commits(database)
        with started([SERVICE], services.home) as servers:
            bench.servers = servers
            seen = bench.put_under_load(Point(points[0].case, SERVICE.name, COMMITS_CONNECTIONS, COMMITS_SECONDS))
        return (counters.commits(database) - before) / max(seen.answers.get("200", 0), 1)


def _durability(database_url: str) -> str:
    """The server's version, and that an answered reservation is on the disk."""
    with psycopg.connect(database_url, autocommit=True) as database:
        values = [database.execute("SELECT current_setting(%s)", [name]).fetchone() for name in _DURABILITY]
    return " ".join(f"{name}={value[0]}" for name, value in zip(_DURABILITY, values, strict=True) if value)
