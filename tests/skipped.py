"""Says what a run skipped, a line for each reason, so that nobody takes a green run for more than it is."""

from collections import Counter

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many tests were skipped for which reason, the most first; pytest's own line stays the last."""
    reasons: Counter[str] = Counter()
    for report in terminalreporter.stats.get("skipped", []):
        _path, _line, reason = report.longrepr
        reasons[" ".join(reason.removeprefix("Skipped: ").split())] += 1
    if reasons:
        terminalreporter.section("left out, and why")
    for reason, number in reasons.most_common():
        terminalreporter.line(f"{number} {'test' if number == 1 else 'tests'}: {reason}")
