"""The service's goals, each judged against baselines of the same run."""

from collections.abc import Mapping
from dataclasses import dataclass

from bench.samples import Result

Results = Mapping[str, Result]


@dataclass(frozen=True)
class Goal:
    """A bar and what was measured: `measured` has to be at least (or at most) `bar`."""

    text: str
    measured: float
    bar: float
    unit: str = "x"
    at_most: bool = False

    @property
    def met(self) -> bool:
        """Whether the bar was reached."""
        return self.measured <= self.bar if self.at_most else self.measured >= self.bar

    @property
    def verdict(self) -> str:
        """Met, or missed by how much of the bar."""
        if self.met:
            return "met"
        return f"MISSED by {abs(self.measured - self.bar) / self.bar:.0%}" if self.bar else "MISSED"


def judge(results: Results, commits: float | None) -> list[Goal]:
    """The goals that this run measured; those whose points are missing are left out."""
    goals = [
        *_ratio(results, "hot SKU, 32 connections, over (a)", 6.0, "hot/service/32", "hot/a/32"),
        *_ratio(results, "hot SKU, 32 connections, over (b)", 1.0, "hot/service/32", "hot/b/32"),
        *_ratio(
            results,
            "hot SKU, 32 connections, over (b): where the product wants to be",
            1.3,
            "hot/service/32",
            "hot/b/32",
        ),
        *_ratio(results, "hot SKU, 32 connections, over (c)", 0.5, "hot/service/32", "empty/c/32"),
        *_ratio(results, "sold-out SKU over (c)", 0.75, "sold-out/service/32", "empty/c/32"),
        *_ratio(results, "sold-out SKU over (b)", 1.2, "sold-out/service/32", "hot/b/32", "sold-out/b/32"),
        *_ratio(results, "10,000 SKUs at random over (a)", 2.0, "spread/service/32", "spread/a/32"),
        *_ratio(results, "hot SKU, 256 connections over 32", 0.8, "hot/service/256", "hot/service/32"),
        *_unexpected(results),
        *_tail(results),
        *_alone(results),
    ]
    if commits is not None:
        goals.append(Goal("transactions per reservation, hot SKU, 64 connections", commits, 0.15, "", at_most=True))
    return goals


def _ratio(results: Results, text: str, bar: float, ours: str, *theirs: str) -> list[Goal]:
    """Our rate over theirs; over the fastest, where they have several."""
    if any(not _measured(results, key) for key in (ours, *theirs)):
        return []
    best = max(results[key].rate for key in theirs)
    return [Goal(text, results[ours].rate / max(best, 1e-9), bar)]


def _unexpected(results: Results) -> list[Goal]:
    ours = [result for result in results.values() if result.point.server in ("service", "single") and result.samples]
    wrong = sum(result.unexpected for result in ours)
    return [Goal("answers of this service other than the expected one", wrong, 0, "", at_most=True)]


def _tail(results: Results) -> list[Goal]:
    if not (_measured(results, "hot/service/32") and _measured(results, "empty/c/32")):
        return []
    ratio = results["hot/service/32"].spread / max(results["empty/c/32"].spread, 1e-9)
    return [Goal("hot SKU, 32 connections: p99/p50 over that of (c)", ratio, 1.2, at_most=True)]


def _alone(results: Results) -> list[Goal]:
    if not (_measured(results, "hot/service/1") and _measured(results, "hot/single/1")):
        return []
    ratio = results["hot/service/1"].p50_ms / max(results["hot/single/1"].p50_ms, 1e-9)
    return [Goal("one client's p50 over that without group commit", ratio, 1.1, at_most=True)]


def _measured(results: Results, key: str) -> bool:
    return key in results and bool(results[key].samples)
