"""The table that a person reads, and the record that a program reads."""

import os
import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from bench import load
from bench.figures import Result
from bench.goals import Goal
from bench.pgbench import Alone
from bench.servers import KINDS

_HEAD = ("case", "server", "conn", "req/s", "p50 ms", "p99 ms", "CPU ms", "of it PG", "batch", "tx", "WAL B", "other")


def table(results: Mapping[str, Result], alone: Sequence[Alone]) -> str:
    """Every point with its medians. CPU, transactions and WAL are for each answer."""
    rows = [_row(result) for result in results.values() if result.samples]
    rows += [(line.title, "", "", f"{line.rate:,.0f}", *("" for _ in range(8))) for line in alone if line.rates]
    widths = [max(len(row[column]) for row in [_HEAD, *rows]) for column in range(len(_HEAD))]
    return "\n".join(_line(row, widths) for row in [_HEAD, *rows])


def tails(results: Mapping[str, Result]) -> str:
    """How much the slowest answers grow from 8 connections to 256."""
    lines = []
    for name in ("hot/service", "hot/a", "hot/b", "empty/c"):
        few, many = results.get(f"{name}/8"), results.get(f"{name}/256")
        if few and many and few.samples and many.samples:
            lines.append(
                f"  {name:<14} p99 {few.p99_ms:>7.1f} ms at 8 connections, {many.p99_ms:>8.1f} ms at 256:"
                f" {many.p99_ms / max(few.p99_ms, 1e-9):.1f} times"
            )
    return "\n".join(lines)


def verdicts(goals: Sequence[Goal]) -> str:
    """Each goal with what was measured."""
    return "\n".join(
        f"  {goal.text:<68} {goal.measured:>7.2f}{goal.unit:<1}"
        f" ({'≤' if goal.at_most else '≥'} {goal.bar:g})  {goal.verdict}"
        for goal in goals
    )


def surroundings() -> dict[str, object]:
    """Where and when this was measured."""
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "load": load.tool(),
        "load_average_before": os.getloadavg()[0],
    }


def record(
    about: Mapping[str, object],
    results: Mapping[str, Result],
    alone: Sequence[Alone],
    goals: Sequence[Goal],
    problems: Sequence[str],
) -> dict[str, object]:
    """Everything, for a JSON file."""
    return {
        "machine": dict(about),
        "servers": {name: kind.title for name, kind in KINDS.items()},
        "results": [result.as_json() for result in results.values() if result.samples],
        "database_alone": [{"title": line.title, "rate": line.rate, "rates": line.rates} for line in alone],
        "goals": [vars(goal) | {"met": goal.met} for goal in goals],
        "problems": list(problems),
    }


def _row(result: Result) -> tuple[str, ...]:
    durable = result.point.server not in ("b", "c")
    return (
        result.point.case.title,
        result.point.server,
        str(result.point.connections),
        f"{result.rate:,.0f}",
        f"{result.p50_ms:.2f}",
        f"{result.p99_ms:.2f}",
        f"{result.server_cpu_ms + result.database_cpu_ms:.3f}",
        f"{result.database_cpu_ms:.3f}" if durable else "",
        f"{result.batch:.1f}" if result.batch else "",
        f"{result.transactions:.3f}" if durable else "",
        f"{result.wal_bytes:,.0f}" if durable else "",
        str(result.unexpected),
    )


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = [
        cell.ljust(width) if column < 2 else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]
    return "  ".join(cells).rstrip()
