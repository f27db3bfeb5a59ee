"""No test fails because a machine is slow: by the clock it judges only order, or time that the machine had."""

import ast
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from basico_stock.environment import REPOSITORY
from tests.support import stopwatch

CLOCKS = {"time.monotonic", "time.perf_counter", "time.process_time", "time.time", "stopwatch.now"}


def readings(tree: ast.AST) -> Iterator[ast.Call]:
    """Each reading of a wall clock, as in `time.monotonic()`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in CLOCKS:
            yield node


def names_of(tree: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} | {
        node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)
    }


def assigned(function: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Each name to which the function assigns, with the value."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
                targets = target.elts if isinstance(target, ast.Tuple) else [target]
                yield from (
                    (named, value) for each, value in zip(targets, values, strict=False) for named in names_of(each)
                )


def stopwatches(function: ast.AST) -> list[int]:
    """The lines that compare a duration, the difference of two readings, with anything.

    In the condition of a loop, or in a loop that waits, it is a guard against hanging and judges nothing.
    """
    clocks: set[str] = set()
    durations: set[str] = set()
    for name, value in assigned(function):
        if any(readings(value)) or names_of(value) & clocks:
            (durations if is_duration(value, clocks, durations) else clocks).add(name)
        elif names_of(value) & durations:
            durations.add(name)
    waiting = {id(node) for loop in ast.walk(function) if isinstance(loop, ast.While) for node in ast.walk(loop)}
    return [
        node.lineno
        for node in ast.walk(function)
        if isinstance(node, ast.Compare)
        and id(node) not in waiting
        and any(is_duration(operand, clocks, durations) for operand in (node.left, *node.comparators))
    ]


def is_duration(value: ast.expr, clocks: set[str], durations: set[str]) -> bool:
    """Whether the value is time between two readings of a clock."""
    if isinstance(value, ast.Name | ast.Attribute):
        return bool(names_of(value) & durations)
    return any(
        isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Sub)
        and (any(readings(node.left)) or names_of(node.left) & clocks)
        and (any(readings(node.right)) or names_of(node.right) & clocks)
        for node in ast.walk(value)
    )


def functions(path: Path) -> Iterator[ast.AST]:
    source = path.read_text()
    # Most files read no clock, and to parse one takes a while.
    if any(clock in source for clock in CLOCKS):
        yield from (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef))


def test_no_test_compares_a_duration_with_a_number() -> None:
    found = {
        f"{path.relative_to(REPOSITORY)}:{line}"
        for path in (REPOSITORY / "tests").rglob("*.py")
        for function in functions(path)
        for line in stopwatches(function)
    }
    assert found == set()


@pytest.mark.parametrize(
    "judged",
    [
        "began = time.monotonic()\n    assert time.monotonic() - began < 1",
        "began = time.perf_counter()\n    took = time.perf_counter() - began\n    assert took < 1",
        "began = stopwatch.now()\n    assert stopwatch.now() - began < 1",
        "began, shop = time.time(), 1\n    ended = time.time()\n    assert 0.1 < ended - began",
    ],
)
def test_each_spelling_of_a_stopwatch_is_found(judged: str) -> None:
    assert stopwatches(ast.parse(f"def test():\n    {judged}\n"))


@pytest.mark.parametrize(
    "judged",
    [
        "deadline = time.monotonic() + 30\n    while not true():\n        assert time.monotonic() < deadline",
        "began = time.monotonic()\n    assert began <= entry <= time.monotonic()",
        "began = stopwatch.now()\n    stopwatch.judge(stopwatch.now() - began, promised=1)",
    ],
)
def test_a_guard_against_hanging_and_an_order_of_events_are_none(judged: str) -> None:
    assert not stopwatches(ast.parse(f"def test():\n    {judged}\n"))


def test_the_stopwatch_goes_no_faster_than_a_clock_on_the_wall() -> None:
    began, wall = stopwatch.now(), time.monotonic()
    while stopwatch.now() - began < 0.2:
        time.sleep(0.001)
    counted = stopwatch.now() - began
    # A turn may have been under way when the test began.
    assert wall + counted - 2 * stopwatch.NAP_SECONDS <= time.monotonic()
