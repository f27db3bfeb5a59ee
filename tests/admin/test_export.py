"""Lists as CSV: what the filter shows, harmless for spreadsheets, small however long."""

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reservations import engine
from reservations.admin import export
from reservations.admin.cells import cell
from reservations.models import StockMovement
from tests.admin.staff import page, signed_in
from tests.factories import hold, make_shop, stock_of

pytestmark = pytest.mark.django_db

ITEMS, LEDGER = page("stockitem_export"), page("stockmovement_export")


def raw(client: Client, address: str, query: dict[str, Any] | None = None) -> str:
    answer: Any = client.get(address, query or {})
    assert answer.status_code == 200
    return b"".join(answer.streaming_content).decode()


def rows(client: Client, address: str, query: dict[str, Any] | None = None) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(raw(client, address, query).removeprefix("\ufeff"))))


def test_a_csv_has_the_rows_of_the_lists_filter_and_search() -> None:
    shop, other = make_shop(), make_shop()
    for sku in ("CUP", "CUP-BLUE", "HAT"):
        stock_of(shop, 5, sku)
    stock_of(other, 5, "CUP")
    hold(shop, "HAT", quantity=2)
    client = signed_in()
    assert [row["sku"] for row in rows(client, ITEMS, {"q": "CUP", "shop": shop.pk})] == ["CUP", "CUP-BLUE"]
    (hat,) = rows(client, ITEMS, {"q": "HAT"})
    assert (hat["shop"], hat["on_hand"], hat["reserved"], hat["available"]) == (shop.domain, "5", "2", "3")


def test_a_sku_that_is_a_formula_to_a_spreadsheet_is_made_harmless() -> None:
    shop = make_shop()
    for sku in ('=HYPERLINK("http://evil")', "+1", "-1", "@SUM(A1)", "\uff1d1"):
        stock_of(shop, 1, sku)
    assert all(row["sku"].startswith("'") for row in rows(signed_in(), ITEMS))


def test_a_number_below_zero_stays_a_number() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    hold(shop, quantity=5)
    stock_of(shop, 1)
    (row,) = rows(signed_in(), ITEMS)
    assert row["available"] == "-4"
    assert [movement["on_hand_delta"] for movement in rows(signed_in(username="beto"), LEDGER)][-1] == "-4"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (-3, "-3"),
        (Decimal("-2.5000"), "-2.5"),
        (datetime(2026, 11, 24, 15, 4, 5, 6, tzinfo=UTC), "2026-11-24T12:04:05.000006-03:00"),
        ({"a": "é"}, '{"a": "é"}'),
        ("\t=1", "'\t=1"),
        ("A=1", "A=1"),
    ],
)
def test_a_cell_is_plain_for_programs_and_harmless_for_spreadsheets(value: object, text: str) -> None:
    assert cell(value) == text


def test_the_separator_is_that_of_spreadsheets_in_the_readers_language() -> None:
    stock_of(make_shop(), 1)
    assert raw(signed_in(), ITEMS).startswith("\ufeffshop,sku,")
    assert raw(signed_in(username="lia", language="pt-br"), ITEMS).startswith("\ufeffshop;sku;")


def test_a_long_list_is_read_in_pages_and_ends_where_it_ended_at_the_beginning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "PAGE", 2)
    shop = make_shop()
    for number in range(6):
        stock_of(shop, 1, f"SKU-{number}")
    answer: Any = signed_in().get(LEDGER)
    with CaptureQueriesContext(connection) as asked:
        stream = iter(answer.streaming_content)
        parts = [next(stream), next(stream)]
        assert len(asked) == 2
        engine.apply_count(shop.pk, "SKU-9", 1)
        text = b"".join([*parts, *stream]).decode("utf-8-sig")
    assert len(list(csv.DictReader(io.StringIO(text)))) == 6
    assert StockMovement.objects.count() == 7


def test_an_empty_list_is_a_header_alone() -> None:
    assert raw(signed_in(), ITEMS).count("\r\n") == 1


def test_the_list_leads_to_its_csv_with_the_same_filter() -> None:
    text = signed_in().get(page("stockitem_changelist"), {"q": "CUP", "shortfall": "orders"}).content.decode()
    assert f'href="{ITEMS}?q=CUP&amp;shortfall=orders"' in text
