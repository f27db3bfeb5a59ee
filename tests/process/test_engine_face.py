"""The engine offers nothing that production leaves alone, so tests prove the way that a request really takes."""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import PurePath

from basico_stock.environment import REPOSITORY
from reservations import engine

PRODUCT = ("basico_stock", "reservations", "bling_sync", "staff")
ENGINE = PurePath("reservations/engine")
Sources = Mapping[PurePath, ast.Module]


@cache
def sources() -> Sources:
    """Every product module by its path."""
    paths = (path for package in PRODUCT for path in (REPOSITORY / package).rglob("*.py"))
    return {PurePath(path.relative_to(REPOSITORY)): ast.parse(path.read_text()) for path in paths}


def is_engine(path: PurePath) -> bool:
    return ENGINE in path.parents


def words(tree: ast.AST) -> Iterator[str]:
    """Every name that the code of `tree` reads: plain, or as ``module.name``; a definition or an import reads none."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield f"{node.value.id}.{node.attr}"


def asked_of_the_engine(product: Sources) -> set[str]:
    """The names that production outside the engine reads from its face."""
    asked = set()
    for path, tree in product.items():
        if is_engine(path):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "engine":
                asked.add(node.attr)
            elif isinstance(node, ast.ImportFrom) and node.module == "reservations.engine":
                asked |= {name.name for name in node.names}
    return asked


def unused_face(face: list[str], product: Sources) -> list[str]:
    """The functions of the engine's face that nobody outside calls, and the values that no product code reads."""
    asked = asked_of_the_engine(product)
    read = {word for tree in product.values() for word in words(tree)}
    return [name for name in face if name not in (asked if name.islower() else asked | read)]


def unused_functions(product: Sources) -> list[str]:
    """Public functions in the engine's modules that no product code reads."""
    asked = asked_of_the_engine(product)
    inside = Counter(word for path, tree in product.items() if is_engine(path) for word in words(tree))
    return [
        f"{path}:{node.name}"
        for path, tree in product.items()
        if is_engine(path)
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        if not node.decorator_list and node.name not in asked
        if not (inside[node.name] or inside[f"{path.stem}.{node.name}"])
    ]


def test_production_uses_every_name_that_the_engine_offers() -> None:
    assert unused_face(engine.__all__, sources()) == []


def test_production_uses_every_public_function_of_the_engines_modules() -> None:
    assert unused_functions(sources()) == []


def test_a_verb_that_only_tests_call_is_found() -> None:
    dead = ast.parse("def sell(shop_id: int) -> None:\n    pass\n")
    product = {**sources(), ENGINE / "sell.py": dead}
    assert unused_face([*engine.__all__, "sell"], product) == ["sell"]
    assert unused_functions(product) == [f"{ENGINE}/sell.py:sell"]
