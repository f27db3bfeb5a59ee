"""One run on a machine that is ready, to its verdict."""

from pathlib import Path

import psycopg
from django.db import connections

from basico_stock.embedded import Services
from bench import counters, goals, plot, report
from bench.pgbench import Alone
from bench.plan import Point, servers_of
from bench.rounds import Bench, repeat
from bench.servers import KINDS, SERVICE, started

COMMITS_SECONDS = 2.0
COMMITS_CONNECTIONS = 64
Record = dict[str, object]


def run(
    services: Services, points: list[Point], rounds: int, deadline: float, plot_to: Path | None
) -> tuple[Record, list[str]]:
    """Measure `points`, print what was found, and return the record and what does not add up."""
    about = report.surroundings()
    bench = _measure(services, points, rounds, deadline)
    commits = _commits(services, bench)
    problems = bench.proofs()
    connections.close_all()
    judged = goals.judge(bench.results, commits)
    parts = (report.table(bench.results, bench.alone), report.tails(bench.results), report.verdicts(judged))
    print("", *(part for part in parts if part), sep="\n\n")
    print("\n" + ("\n".join(problems) or "Every shop's audit is clean, and every 200 is in the database."))
    if plot_to:
        plot.draw(bench.results, plot_to)
    return report.record(about, bench.results, bench.alone, judged, problems), problems


def _measure(services: Services, points: list[Point], rounds: int, deadline: float) -> Bench:
    assert services.postgres
    assert services.postgres.process
    with started([KINDS[name] for name in servers_of(points)], services.home) as servers:
        bench = Bench(services.home, services.postgres.url, services.postgres.process.pid, servers, points)
        if any(point.server == "a" for point in points):
            bench.alone = [Alone(1, []), Alone(32, [])]
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
