"""Nothing is read in part: every connection of every document is paged to its end, or its bound is proved."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now
from graphql import (
    FieldNode,
    GraphQLSchema,
    OperationDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    VariableNode,
    Visitor,
    build_schema,
    get_named_type,
    parse,
    visit,
)

from reservations.models import Shop, ShopifyInstallation, ShopifyOrder
from reservations.shopify.client.documents import FOLDER, document
from reservations.shopify.inventory.publication import BATCH as LEVELS
from reservations.shopify.orders.missed_orders.order_sweep import ask_for_missed_orders
from reservations.shopify.orders.order_query import REFUNDS
from sandbox.shopify import RunningStandIn
from sandbox.shopify.cost import MOST_POINTS, Counter
from sandbox.shopify.schema_files import SCHEMA
from tests.factories import database_now, numbers, stock_of
from tests.shopify.stores import installed_shop, operations

NAMES = sorted(path.stem for path in FOLDER.glob("*.graphql"))
# The first page of these comes with their owner, and the document named reads the others from its cursor on.
READ_ON = {("order", "returns"): "order_returns", ("refunds", "refundLineItems"): "refund_lines"}
# How many ids a document is given at most.
MOST_IDS = {"refunds": REFUNDS, "published_levels": LEVELS}


def trimmed_schema() -> GraphQLSchema:
    return build_schema(SCHEMA.read_text("utf-8"), assume_valid=True)


class Reading(Visitor):
    """Collects what a document reads only in part: a connection that nobody pages, a list that is cut off."""

    def __init__(self, name: str, types: TypeInfo) -> None:
        super().__init__()
        self._name, self._types = name, types
        self.cut_off: list[str] = []

    def enter_field(self, node: FieldNode, *_: object) -> None:
        kind = self._types.get_type()
        field = self._types.get_field_def()
        assert kind is not None
        assert field is not None
        arguments = {argument.name.value: argument.value for argument in node.arguments or ()}
        if get_named_type(kind).name.endswith("Connection"):
            after = arguments.get("after")
            pages = isinstance(after, VariableNode) and after.name.value == "after"
            if not (_selects_page(node) and (pages or (self._name, node.name.value) in READ_ON)):
                self.cut_off.append(node.name.value)
        elif "first" in field.args and "first" in arguments:
            # A list that has no pages is whole only where nobody says how much of it.
            self.cut_off.append(node.name.value)


def _selects_page(node: FieldNode) -> bool:
    selections = node.selection_set.selections if node.selection_set else ()
    pages = [one for one in selections if isinstance(one, FieldNode) and one.name.value == "pageInfo"]
    named = {s.name.value for one in pages if one.selection_set for s in one.selection_set.selections}  # type: ignore[attr-defined]
    return named >= {"hasNextPage", "endCursor"}


def read_in_part(name: str, text: str) -> list[str]:
    types = TypeInfo(trimmed_schema())
    reading = Reading(name, types)
    visit(parse(text), TypeInfoVisitor(types, reading))
    return reading.cut_off


@pytest.mark.parametrize("name", NAMES)
def test_a_document_reads_no_connection_in_part(name: str) -> None:
    assert read_in_part(name, document(name)) == []


def test_a_connection_that_nobody_pages_is_found_out() -> None:
    assert read_in_part("bad", "query bad($id: ID!) { order(id: $id) { lineItems(first: 9) { nodes { id } } } }") == [
        "lineItems"
    ]
    assert read_in_part("bad", "query bad($id: ID!) { order(id: $id) { refunds(first: 9) { id } } }") == ["refunds"]


@pytest.mark.parametrize(("first", "further"), READ_ON.items())
def test_a_first_page_is_read_on_by_its_document(first: tuple[str, str], further: str) -> None:
    document_name, connection = first
    assert document_name in NAMES
    assert f"{connection}(first: 250, after: $after)" in document(further)


@pytest.mark.parametrize("name", NAMES)
def test_a_document_costs_less_than_shopify_allows(name: str) -> None:
    parsed = parse(document(name))
    (operation,) = parsed.definitions
    assert isinstance(operation, OperationDefinitionNode)
    points = Counter(trimmed_schema(), parsed, {}).points(operation)
    # The stand-in counts a list of ids as one object.
    assert points * MOST_IDS.get(name, 1) <= MOST_POINTS


@pytest.fixture
def shop(shopify: RunningStandIn) -> Shop:
    """A shop with many units of SKU-1, installed an hour ago; its webhooks go nowhere."""
    shop = installed_shop(shopify)
    shopify.control.post("rules", shop=shop.domain, bucket_points=20_000, restore_points=1_000)
    shopify.control.post("products", shop=shop.domain, products=[{"variants": [{"sku": "SKU-1", "quantity": 900}]}])
    stock_of(shop, 900)
    ShopifyInstallation.objects.filter(shop=shop).update(installed_at=Now() - timedelta(hours=1))
    return shop


def caught_up(shop: Shop) -> None:
    ask_for_missed_orders(shop.pk, seconds=60, until=database_now() + timedelta(seconds=5))


def bought(shopify: RunningStandIn, shop: Shop, lines: int) -> dict[str, Any]:
    rows = [{"sku": "SKU-1", "quantity": 2} for _ in range(lines)]
    placed: dict[str, Any] = shopify.control.post("orders", shop=shop.domain, lines=rows)
    return placed


def chunks(placed: Mapping[str, Any], size: int) -> Iterator[list[dict[str, Any]]]:
    rows = [{"line_item_id": line["id"], "quantity": 1} for line in placed["line_items"]]
    yield from (rows[begin : begin + size] for begin in range(0, len(rows), size))


@pytest.mark.django_db(transaction=True)
@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
def test_an_order_of_300_lines_with_60_refunds_is_caught_up_whole(shopify: RunningStandIn, shop: Shop) -> None:
    placed = bought(shopify, shop, 300)
    for rows in chunks(placed, 5):
        shopify.control.post(f"orders/{placed['id']}/refund", shop=shop.domain, lines=rows, kind="return")
    caught_up(shop)
    assert numbers(shop) == (900, 0, 300)
    row = ShopifyOrder.objects.get(shop=shop)
    assert (len(row.lines), len(row.refunds)) == (300, 60)
    # Six pages of lines, and three calls for sixty refunds.
    assert len([one for one in operations(shopify, shop) if one["operation"] in ("order", "nodes")]) == 9


@pytest.mark.django_db(transaction=True)
@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
def test_a_refund_of_many_lines_returns_all_of_them(shopify: RunningStandIn, shop: Shop) -> None:
    placed = bought(shopify, shop, 25)
    (rows,) = chunks(placed, 25)
    shopify.control.post(f"orders/{placed['id']}/refund", shop=shop.domain, lines=rows, kind="return")
    caught_up(shop)
    assert numbers(shop) == (900, 0, 25)
