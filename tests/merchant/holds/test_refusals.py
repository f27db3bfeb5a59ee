"""The list of unmet demand: carts that got less than they asked for, and buyers turned away on the spot."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reservations import turned_away
from reservations.merchant.holds.unmet_line import SHOWN
from reservations.models import Refusal, ShopifyCart
from tests.api.client import Merchant as Program
from tests.factories import database_now, hold, item, make_shop, stock_of
from tests.merchant.merchant import Merchant

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
]

PAGE = "/app/reservations/?outcome=refused"


def carts_got_less(merchant: Merchant, *quantities: int, sku: str = "SKU-1") -> None:
    """Let the API turn callers away, and write the counts."""
    program = Program(merchant.shop)
    for quantity in quantities:
        response = program.post(f"/stock/{sku}/reserve", {"quantity": quantity, "cart_token": str(uuid4())})
        assert response.status_code == 409
    turned_away.clerk.flush()


def row(merchant: Merchant, *, ago: timedelta, refused: int = 1, sku: str = "SKU-1", **values: object) -> None:
    """A count of some time ago."""
    at = database_now() - ago
    known = {"minute": at.replace(second=0, microsecond=0), "last_at": at, "units": refused, "available": 0} | values
    stock = item(merchant.shop, sku)
    Refusal.objects.create(shop=merchant.shop, stock_item=stock, reason="out_of_stock", refusals=refused, **known)


def skus(page: str) -> list[str]:
    """The SKUs of the list, in its order."""
    return re.findall(r'<span class="sku">([^<]+)</span>', page)


def test_buyers_who_were_told_no_are_shown_with_how_often_how_much_when_and_why() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 1)
    hold(merchant.shop)
    carts_got_less(merchant, 1, 2)
    page = merchant.page(PAGE)
    stock = item(merchant.shop)
    assert f'<s-link href="/app/stock/{stock.pk}/"><span class="sku">SKU-1</span></s-link>' in page
    assert "2 tentativas" in page
    assert "<s-table-cell>3</s-table-cell><s-table-cell>\N{EN DASH}</s-table-cell>" in page
    assert f'<time data-since="{Refusal.objects.get().last_at.isoformat()}">' in page
    assert "outros tinham reservado ou comprado todas, e a primeira poderia voltar às" in page
    assert "sem dizer de quem" in page


def test_why_is_what_stood_in_the_way_then() -> None:
    merchant = Merchant(max_units_per_line=3)
    for sku, units in (("NONE", 0), ("FEW", 1), ("MANY", 9)):
        stock_of(merchant.shop, units, sku)
    carts_got_less(merchant, 1, sku="NONE")
    carts_got_less(merchant, 2, sku="FEW")
    carts_got_less(merchant, 4, sku="MANY")
    page = merchant.page(PAGE, part="list")
    assert "não havia unidade livre, nem reserva que pudesse voltar: o estoque tinha acabado." in page
    assert "um carrinho conseguiria no máximo 1 unidade, menos do que pediu." in page
    assert "um carrinho podia ter no máximo 3 unidades de um SKU nesta loja." in page
    assert page.count("1 tentativa<") == 3
    english = merchant.page(PAGE, locale="en-US")
    assert "no unit was free and none was reserved that could have come back: the stock had run out." in english
    assert "a cart could have had 1 unit at most, fewer than it asked for." in english
    assert "one cart could hold at most 3 units of a SKU in this shop." in english
    assert "1 attempt<" in english


def test_both_kinds_stand_in_one_list_the_newest_first() -> None:
    merchant = Merchant()
    for sku in ("A", "B", "C", "D"):
        stock_of(merchant.shop, 0, sku)
    row(merchant, sku="A", ago=timedelta(minutes=50))
    row(merchant, sku="C", ago=timedelta(minutes=10))
    for sku, minutes in (("B", 30), ("D", 5)):
        seen = database_now() - timedelta(minutes=minutes)
        token = str(uuid4())
        ShopifyCart.objects.create(shop=merchant.shop, token=token, cart_token=uuid4(), seen_at=seen, refused={sku: 1})
    assert skus(merchant.page(PAGE)) == ["D", "C", "B", "A"]


def test_the_newest_fifty_are_shown_and_that_there_are_more_is_said() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 0)
    for minutes in range(SHOWN):
        row(merchant, ago=timedelta(minutes=minutes), refused=1 + minutes)
    assert "Há mais" not in merchant.page(PAGE)
    # A minute more, for one may have gone by: a minute has one row.
    row(merchant, ago=timedelta(minutes=SHOWN + 1), refused=1_000)
    page = merchant.page(PAGE)
    assert len(skus(page)) == SHOWN
    assert "1000 tentativas" not in page
    assert "1.000 tentativas" not in page
    assert "Há mais" in page


def test_what_is_older_than_a_week_or_another_shops_is_not_shown() -> None:
    merchant, other = Merchant(), make_shop()
    for shop in (merchant.shop, other):
        stock_of(shop, 0)
    row(merchant, ago=timedelta(days=7, minutes=1))
    turned_away.clerk.note((other.pk, "SKU-1", "out_of_stock"), 1, turned_away.Said(available=0))
    turned_away.clerk.flush()
    assert Refusal.objects.filter(shop=other).exists()
    assert "Nenhuma recusa conhecida nos últimos 7 dias." in merchant.page(PAGE)


def test_the_list_asks_as_many_queries_for_fifty_counts_as_for_one() -> None:
    merchant = Merchant()
    counts = []
    for first, last in ((0, 1), (1, SHOWN + 5)):
        for number in range(first, last):
            stock_of(merchant.shop, 0, f"SKU-{number}")
            row(merchant, sku=f"SKU-{number}", ago=timedelta(minutes=number))
        with CaptureQueriesContext(connection) as asked:
            merchant.page(PAGE, part="list")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 8
