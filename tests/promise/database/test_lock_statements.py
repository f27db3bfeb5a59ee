"""The locking statements, word for word: all else stands on them."""

import ast
import re

import pytest

from basico_stock.environment import REPOSITORY
from reservations.engine.book import locking
from reservations.engine.book.locking import by_id, by_reservation, by_sku, statement

pytestmark = pytest.mark.django_db

STATEMENTS = [
    pytest.param(by_sku, 1, False, id="by_sku"),
    pytest.param(by_reservation, 2, False, id="by_reservation"),
    pytest.param(by_id, 1, True, id="by_id"),
]
AGGREGATES = re.compile(r"\b(sum|count|min|max|avg|array_agg|group by|distinct)\b", re.IGNORECASE)
ROW_LOCK = re.compile(r"\bFOR ((NO KEY )?UPDATE|(KEY )?SHARE)\b")
OUTER_SHOP = re.compile(r'"reservations_stockitem"\."shop_id" = %s')


@pytest.mark.parametrize(("rows", "arguments", "skip_locked"), STATEMENTS)
def test_a_locking_statement_locks_stock_rows_in_the_order_of_their_ids(
    rows: locking.Rows, arguments: int, skip_locked: bool
) -> None:
    sql = statement(rows, arguments, skip_locked=skip_locked).sql
    ending = ' ORDER BY "reservations_stockitem"."id" ASC FOR NO KEY UPDATE OF "reservations_stockitem"'
    assert sql.endswith(ending + (" SKIP LOCKED" if skip_locked else ""))


@pytest.mark.parametrize(("rows", "arguments", "skip_locked"), STATEMENTS)
def test_a_locking_statement_names_its_shop_and_gives_it_the_right_value(
    rows: locking.Rows, arguments: int, skip_locked: bool
) -> None:
    compiled = statement(rows, arguments, skip_locked=skip_locked)
    assert OUTER_SHOP.search(compiled.sql)
    values = compiled.parameters(7, *([f"argument {number}"] for number in range(arguments)))
    shops = re.findall(r'"shop_id" = %s|%s', compiled.sql)
    assert [value for said, value in zip(shops, values, strict=True) if "shop_id" in said] == [7] * sum(
        "shop_id" in said for said in shops
    )


@pytest.mark.parametrize(("rows", "arguments", "skip_locked"), STATEMENTS)
def test_a_locking_statement_computes_nothing(rows: locking.Rows, arguments: int, skip_locked: bool) -> None:
    assert not AGGREGATES.search(statement(rows, arguments, skip_locked=skip_locked).sql)


def takes_a_row_lock(source: str) -> bool:
    """Whether a program locks rows, by Django or in SQL of its own; its docstrings and comments do not count."""
    tree = ast.parse(source)
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return any(
        (isinstance(node, ast.Attribute) and node.attr == "select_for_update")
        or (isinstance(node, ast.Constant) and id(node) not in prose and bool(ROW_LOCK.search(str(node.value))))
        for node in ast.walk(tree)
    )


def test_a_row_lock_is_taken_in_one_product_file_only() -> None:
    product = [*(REPOSITORY / "reservations").rglob("*.py"), *(REPOSITORY / "basico_stock").rglob("*.py")]
    assert [file.name for file in product if takes_a_row_lock(file.read_text())] == ["locking.py"]
