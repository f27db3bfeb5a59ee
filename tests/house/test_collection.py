"""Every process that collects the tests finds the same ones: no test's name depends on the moment."""

import ast
from collections.abc import Iterator

import pytest

from basico_stock.environment import REPOSITORY

# A name by chance fails in every parallel run; one by the clock only when two processes collect in different seconds.
CLOCKS = {"time", "time_ns", "monotonic", "now", "utcnow", "today"}


def changing_names(source: str) -> Iterator[int]:
    """The lines of decorators that ask the clock for what a test is called by."""
    for node in ast.walk(ast.parse(source)):
        for decorator in getattr(node, "decorator_list", []):
            calls = (call.func for call in ast.walk(decorator) if isinstance(call, ast.Call))
            if any(ast.unparse(function).split(".")[-1] in CLOCKS for function in calls):
                yield decorator.lineno


def test_no_parameter_of_a_test_asks_the_clock() -> None:
    files = (REPOSITORY / "tests").rglob("test_*.py")
    found = [f"{path.relative_to(REPOSITORY)}:{line}" for path in files for line in changing_names(path.read_text())]
    assert found == []


@pytest.mark.parametrize("value", ["int(time.time()) + 60", "timezone.now()", "date.today()"])
def test_each_spelling_of_the_clock_is_found(value: str) -> None:
    assert list(changing_names(f"@pytest.mark.parametrize('value', [{value}])\ndef test_of(value): ..."))


def test_a_decorator_that_names_no_moment_is_left_alone() -> None:
    assert not list(changing_names("@pytest.mark.parametrize('seconds', [60, len(names)])\ndef test_of(seconds): ..."))
