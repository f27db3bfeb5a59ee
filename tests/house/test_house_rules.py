"""Rules of the house that no linter knows, read from the source itself."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from basico_stock.environment import REPOSITORY

PRODUCT = ("basico_stock", "plumbing", "reservations", "bling_sync", "staff", "sandbox")
# Only the engine writes these tables; the admin shows them.
STOCK_MODELS = {"StockItem", "StockMovement", "Reservation", "Cart", "Shortfall"}
WRITES = {"create", "update", "delete", "save", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}


def modules(*packages: str) -> Iterator[tuple[Path, ast.Module]]:
    for package in packages:
        for path in sorted((REPOSITORY / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(REPOSITORY), parsed(path)


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def names(tree: ast.AST) -> set[str]:
    """The name of every attribute that `tree` calls."""
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    return {call.attr for call in calls if isinstance(call, ast.Attribute)}


def test_rows_are_locked_in_one_place_only() -> None:
    found = {str(path) for path, tree in modules(*PRODUCT) if "select_for_update" in names(tree)}
    assert found <= {"reservations/engine/book/locking.py"}


def test_only_the_engine_writes_stock_reservations_and_ledger() -> None:
    writers = set()
    for path, tree in modules(*PRODUCT):
        known = STOCK_MODELS & _imported_models(tree)
        for call in (node for node in ast.walk(tree) if known and isinstance(node, ast.Call)):
            model, *rest = ast.unparse(call.func).split(".")
            if model in known and (rest == [] or rest[-1] in WRITES):
                writers.add(str(path))
    assert {path for path in writers if not path.startswith("reservations/engine/")} == set()


def _imported_models(tree: ast.Module) -> set[str]:
    imports = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
    return {name.name for node in imports if "models" in (node.module or "") for name in node.names}


def test_no_file_is_too_long_to_be_one_idea() -> None:
    long = {str(path): len((REPOSITORY / path).read_text().splitlines()) for path, _ in modules(*PRODUCT)}
    assert {path: lines for path, lines in long.items() if lines > 300} == {}


@pytest.mark.parametrize("forbidden", ["utils", "helpers", "misc", "common"])
def test_no_file_is_named_for_nothing(forbidden: str) -> None:
    assert [str(path) for path, _ in modules(*PRODUCT, "tests") if path.stem == forbidden] == []


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{path}:{node.lineno} {node.name}"
        for path, tree in modules(*PRODUCT)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or node.lineno) - node.lineno >= 50
    ]
    assert long == []


def test_digests_and_signatures_are_never_compared_with_equals() -> None:
    suspicious = [
        f"{path}:{node.lineno} {ast.unparse(node)}"
        for path, tree in modules(*PRODUCT)
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare)
        and any(isinstance(operator, ast.Eq | ast.NotEq) for operator in node.ops)
        and any(_is_proof(operand) for operand in [node.left, *node.comparators])
    ]
    assert suspicious == []


def _is_proof(operand: ast.expr) -> bool:
    """Whether the operand is a digest or a signature, by its name or because a hash function returns it."""
    if isinstance(operand, ast.Call):
        return isinstance(operand.func, ast.Attribute) and operand.func.attr in {"digest", "hexdigest"}
    name = ast.unparse(operand) if isinstance(operand, ast.Name | ast.Attribute) else ""
    return not name.isupper() and any(word in name.lower() for word in ("hmac", "digest", "signature"))


def test_certificates_are_always_verified() -> None:
    found = [
        f"{path}:{node.lineno}"
        for path, tree in modules(*PRODUCT)
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword)
        and node.arg == "verify"
        and isinstance(node.value, ast.Constant)
        and not node.value.value
    ]
    assert found == []


def test_a_callers_dictionary_never_reaches_the_orm_as_arguments() -> None:
    found = []
    for path, tree in modules(*PRODUCT):
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            starred = [ast.unparse(keyword.value) for keyword in call.keywords if keyword.arg is None]
            if any(source.startswith(("request.", "self.request.")) for source in starred):
                found.append(f"{path}:{call.lineno}")
    assert found == []
