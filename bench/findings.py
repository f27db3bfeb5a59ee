"""The text that a person reads, and the record that a program reads."""

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from basico_stock.dev import procfile
from bench import load
from bench.goals import Goal
from bench.pgbench import Alone
from bench.samples import Result
from bench.servers import KINDS

_HEAD = ("case", "server", "conn", "req/s", "p50 ms", "p99 ms", "CPU ms", "of it PG", "batch", "tx", "WAL B", "other")
_LEGEND = (
    "Medians. CPU ms: processor time of server and PostgreSQL for each answer; batch: requests in one transaction;\n"
    "tx, WAL B: transactions that wrote, and bytes of WAL, for each answer; other: answers other than the expected one."
)
_BUSY = "load average before"
# The highest load average per core of a machine that has nothing else to do.
_QUIET = 0.25
_CAUTION = "CAUTION: this machine was busy with something else. Measure again on a quiet one before believing a figure."
_PROVED = "Every shop's audit is clean, and every 200 is in the database."


@dataclass(frozen=True)
class Findings:
    """The findings of one run. `problems` lists what does not add up in the shops' stock."""

    about: Mapping[str, object]
    results: Mapping[str, Result]
    alone: Sequence[Alone]
    goals: Sequence[Goal]
    problems: Sequence[str]


def text(found: Findings) -> str:
    """Table, tails, goals and proof."""
    proof = "\n".join(found.problems) or _PROVED
    parts = (
        _about(found.about),
        _caution(found.about),
        _table(found),
        _LEGEND,
        _tails(found.results),
        _verdicts(found.goals),
        proof,
    )
    return "\n\n".join(part for part in parts if part)


def record(found: Findings) -> dict[str, object]:
    """Everything, for a JSON file."""
    return {
        "machine": dict(found.about),
        "servers": {name: kind.title for name, kind in KINDS.items()},
        "results": [result.as_json() for result in found.results.values() if result.samples],
        "database_alone": [{"title": line.title, "rate": line.rate, "rates": line.rates} for line in found.alone],
        "goals": [vars(goal) | {"met": goal.met} for goal in found.goals],
        "problems": list(found.problems),
    }


def surroundings() -> dict[str, object]:
    """The machine, the time and the versions of this measurement."""
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        _BUSY: round(os.getloadavg()[0], 2),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "load by": load.tool(),
        "web": procfile.read()["web"],
    }


def _about(about: Mapping[str, object]) -> str:
    width = max((len(name) for name in about), default=0)
    return "\n".join(f"{name:<{width}}  {value}" for name, value in about.items())


def _caution(about: Mapping[str, object]) -> str:
    busy = float(str(about.get(_BUSY, 0)))
    return _CAUTION if busy > _QUIET * (os.cpu_count() or 1) else ""


def _table(found: Findings) -> str:
    rows = [_row(result) for result in found.results.values() if result.samples]
    rows += [(line.title, "", "", f"{line.rate:,.0f}", *("" for _ in range(8))) for line in found.alone if line.rates]
    widths = [max(len(row[column]) for row in [_HEAD, *rows]) for column in range(len(_HEAD))]
    return "\n".join(_line(row, widths) for row in [_HEAD, *rows])


def _tails(results: Mapping[str, Result]) -> str:
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


def _verdicts(goals: Sequence[Goal]) -> str:
    return "\n".join(
        f"  {goal.text:<68} {goal.measured:>7.2f}{goal.unit:<1}"
        f" ({'≤' if goal.at_most else '≥'} {goal.bar:g})  {goal.verdict}"
        for goal in goals
    )


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
