"""What each attack sent and what came of it, counted over the whole run, also when its tests run side by side."""

from collections import Counter
from collections.abc import Iterator

import pytest

_PROPERTY = "attack"


class Tally:
    """The outcomes of one test's requests."""

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()

    def heard(self, outcome: object, *, times: int = 1) -> None:
        """Count one more answer, by its status or by a word."""
        self.outcomes[str(outcome)] += times


class AttackSummary:
    """A plugin of the run: a fixture to count with, and a line for each attack at the end."""

    def __init__(self) -> None:
        self.attacks: dict[str, Counter[str]] = {}

    @pytest.fixture
    def tally(self, request: pytest.FixtureRequest) -> Iterator[Tally]:
        """Counts what the test sends; the attack is the test's file."""
        counted = Tally()
        yield counted
        name = request.node.path.stem.removeprefix("test_").replace("_", " ")
        # Properties travel with the report to the process that writes the summary.
        request.node.user_properties.append((_PROPERTY, [name, dict(counted.outcomes)]))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add up what a test has sent; the report of its end has it all."""
        if report.when != "teardown":
            return
        for kind, value in report.user_properties:
            if kind == _PROPERTY and isinstance(value, list | tuple):
                name, outcomes = value
                self.attacks.setdefault(name, Counter()).update(outcomes)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say of each attack how many requests it sent and what came."""
        if self.attacks:
            terminalreporter.section("attacks: what was sent, and what came")
        for name, outcomes in sorted(self.attacks.items()):
            came = ", ".join(f"{number:,} x {outcome}" for outcome, number in outcomes.most_common())
            terminalreporter.line(f"{name}: {outcomes.total():,} sent; {came}")
