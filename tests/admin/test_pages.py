"""Every page of the admin: it opens, and asks the database as often for 100 rows as for one."""

from itertools import count
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from reservations import engine
from reservations.api_keys import issue_key
from reservations.models import ApiKey, Reservation, Shop, Shortfall, StockItem, StockMovement
from tests.admin.staff import page, signed_in, text_of
from tests.factories import hold, make_shop, stock_of

pytestmark = pytest.mark.django_db

_numbers = count(1)


def fill(shop: Shop, rows: int) -> None:
    """So many rows more of everything that the admin lists."""
    for number in (next(_numbers) for _ in range(rows)):
        sku = stock_of(shop, 5, f"SKU-{number}")
        hold(shop, sku, cart=uuid4())
        engine.sell(shop.pk, f"order-{number}", [engine.Line(sku, 9)])
        issue_key(shop)
        make_shop()


LISTS = {
    "shop": ["", "?q=shop-"],
    "apikey": ["", "?shop={shop}", "?revoked=no", "?q=bzc"],
    "stockitem": ["", "?shop={shop}", "?q=SKU-", "?shortfall=negative", "?shortfall=orders&o=-2"],
    "stockmovement": ["", "?shop={shop}&kind__exact=count", "?q=SKU-"],
    "reservation": ["", "?shop={shop}&status=active", "?q=SKU-"],
    "shortfall": ["", "?shop={shop}&open=yes", "?q=SKU-"],
}


@pytest.mark.parametrize(("model", "queries"), LISTS.items(), ids=LISTS.keys())
def test_a_list_asks_the_database_as_often_for_100_rows_as_for_one(model: str, queries: list[str]) -> None:
    client, shop = signed_in(), make_shop()

    def questions() -> list[int]:
        counts = []
        for query in queries:
            with CaptureQueriesContext(connection) as asked:
                text_of(client.get(page(f"{model}_changelist") + query.format(shop=shop.pk)))
            counts.append(len(asked))
        return counts

    fill(shop, 1)
    questions()  # content types are read once for a process
    for_one = questions()
    fill(shop, 99)
    assert questions() == for_one
    assert max(for_one) <= 9


@pytest.mark.parametrize("model", [Shop, ApiKey, StockItem, StockMovement, Reservation, Shortfall])
def test_a_row_has_a_page_of_its_own_with_few_questions(model: type[Model]) -> None:
    client, shop = signed_in(), make_shop()
    fill(shop, 2)
    row = model._default_manager.first()
    assert row
    with CaptureQueriesContext(connection) as asked:
        text_of(client.get(page(f"{model._meta.model_name}_change", row.pk)))
    assert len(asked) <= 10


@pytest.mark.parametrize(
    "query",
    ["?shop=nothing", "?shop=٣", f"?shop={'9' * 40}", "?status=nonsense", "?shortfall=x", "?q=%00", "?q=%FF", "?p=x"],
)
@pytest.mark.parametrize("model", ["stockitem", "reservation", "stockmovement", "shortfall", "apikey", "shop"])
def test_a_mistyped_address_is_never_a_server_error(model: str, query: str) -> None:
    answer = signed_in().get(page(f"{model}_changelist") + query, follow=True)
    assert answer.status_code == 200


@pytest.mark.parametrize("model", [StockItem, StockMovement, Reservation, Shortfall])
def test_what_the_engine_owns_is_neither_added_nor_edited_nor_deleted_here(model: type[Model]) -> None:
    client, shop = signed_in(), make_shop()
    fill(shop, 1)
    name, row = model._meta.model_name, model._default_manager.first()
    assert row
    assert client.get(page(f"{name}_add")).status_code == 403
    assert client.post(page(f"{name}_change", row.pk), {"quantity": 1, "on_hand": 1}).status_code == 403
    assert client.post(page(f"{name}_delete", row.pk), {"post": "yes"}).status_code == 403
    assert "delete_selected" not in text_of(client.get(page(f"{name}_changelist")))
