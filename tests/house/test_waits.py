"""No test takes a busy machine for a program that hangs: what waits has the patience that all share."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from basico_stock.environment import REPOSITORY

# No wait that notices a hang is shorter, in seconds.
SHORTEST = 60
WAITS = {"join", "wait", "result", "communicate"}
OWN_LOOPS = {"tests/support/patience.py", "tests/support/stopwatch.py"}


def is_patient(node: ast.AST) -> bool:
    """Whether what happens in this call or block is waited for, or has to be late."""
    if isinstance(node, ast.With):
        return any(is_patient(item.context_expr) for item in node.items)
    return isinstance(node, ast.Call) and ast.unparse(node.func) in {"wait_until", "until", "pytest.raises"}


def is_short(limit: ast.expr) -> bool:
    """Whether it is a number of seconds, and too few. A string's `join` has no number."""
    return isinstance(limit, ast.Constant) and isinstance(limit.value, int | float) and limit.value < SHORTEST


def limits(call: ast.Call) -> list[ast.expr]:
    """What the call names as the end of its patience."""
    named = [keyword.value for keyword in call.keywords if keyword.arg == "timeout"]
    waits = isinstance(call.func, ast.Attribute) and call.func.attr in WAITS
    return named + (call.args[:1] if waits else [])


def impatient(node: ast.AST) -> Iterator[int]:
    """The lines of waits that give up within a minute, where nobody waits for them or expects that."""
    if is_patient(node):
        return
    if isinstance(node, ast.Call) and any(map(is_short, limits(node))):
        yield node.lineno
    for child in ast.iter_child_nodes(node):
        # `while not over.wait(1):` is a nap between two turns.
        if not (isinstance(node, ast.While) and child is node.test):
            yield from impatient(child)


def loops_of_their_own(tree: ast.AST) -> Iterator[int]:
    """The lines of loops that look at the clock to give up."""
    for loop in (node for node in ast.walk(tree) if isinstance(node, ast.While)):
        judged = [loop.test, *(node.test for node in ast.walk(loop) if isinstance(node, ast.Assert | ast.If))]
        if any("time.monotonic()" in ast.unparse(test) for test in judged):
            yield loop.lineno


def found(path: Path) -> list[str]:
    source, place = path.read_text(), str(path.relative_to(REPOSITORY))
    tree = ast.parse(source)
    lines = [*impatient(tree), *(loops_of_their_own(tree) if place not in OWN_LOOPS else [])]
    return [f"{place}:{line}" for line in lines]


def test_no_wait_is_shorter_than_a_minute_and_none_has_a_loop_of_its_own() -> None:
    words = (*(f".{wait}(" for wait in WAITS), "timeout=", "monotonic")
    files = [path for path in (REPOSITORY / "tests").rglob("*.py") if any(word in path.read_text() for word in words)]
    assert [line for path in files for line in found(path)] == []


@pytest.mark.parametrize(
    "wait",
    ["thread.join(20)", "process.wait(5.0)", "requests.get(url, timeout=10)", "while not over:\n    get(timeout=1)"],
)
def test_each_spelling_of_a_short_wait_is_found(wait: str) -> None:
    assert list(impatient(ast.parse(wait)))


@pytest.mark.parametrize(
    "wait",
    [
        "thread.join(PATIENCE_SECONDS)",
        "' '.join(words)",
        "while not over.wait(0.1):\n    look()",
        "wait_until(lambda: told(timeout=5))",
        "with pytest.raises(Timeout):\n    requests.get(url, timeout=0.1)",
    ],
)
def test_patience_a_nap_and_an_expected_end_are_none(wait: str) -> None:
    assert not list(impatient(ast.parse(wait)))
