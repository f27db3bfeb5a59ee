"""The stock item: its formula on screen, the way to its past, and a count by hand."""

import pytest

from reservations import engine
from reservations.models import Shop, StockItem, StockMovement
from tests.admin.staff import page, signed_in, text_of
from tests.factories import hold, item, make_shop, numbers, outlive, settle_order, stock_of

pytestmark = pytest.mark.django_db

LIST = page("stockitem_changelist")


def skus(text: str) -> list[str]:
    """The SKUs in the order in which the list shows them."""
    return [sku for sku in ("CUP", "CUP-BLUE", "cup", "HAT") if f">{sku}</a></th>" in text]


def cells(text: str, name: str) -> list[str]:
    """What the list shows in this column."""
    return [part.split("</td>")[0] for part in text.split(f'<td class="field-{name}">')[1:]]


@pytest.fixture
def shop() -> Shop:
    made = make_shop()
    for sku in ("CUP", "CUP-BLUE", "cup", "HAT"):
        stock_of(made, 5, sku)
    return made


@pytest.mark.parametrize(
    ("term", "found"),
    [
        ("CUP", ["CUP", "CUP-BLUE"]),
        ("CUP-BLUE", ["CUP-BLUE"]),
        (" HAT ", ["HAT"]),
        ("BLUE", []),
        ("%", []),
        ("", ["CUP", "CUP-BLUE", "cup", "HAT"]),
    ],
)
def test_a_search_finds_skus_that_begin_so_and_minds_their_case(shop: Shop, term: str, found: list[str]) -> None:
    assert skus(text_of(signed_in().get(LIST, {"q": term}))) == found


def test_a_sku_with_spaces_is_searched_as_one_piece(shop: Shop) -> None:
    stock_of(shop, 1, "blue cup 1/2")
    text = text_of(signed_in().get(LIST, {"q": "blue cup"}))
    assert cells(text, "available") == ["1"]
    assert cells(text_of(signed_in(username="beto").get(LIST, {"q": "cup blue"})), "available") == []


def test_a_row_shows_the_formula_without_holds_that_are_dead() -> None:
    shop = make_shop()
    stock_of(shop, 10)
    outlive(hold(shop, quantity=4))
    hold(shop, quantity=3)
    engine.confirm(shop.pk, engine.ByIds((hold(shop, quantity=2).reservation_id,)))
    text = text_of(signed_in().get(LIST))
    assert (cells(text, "available"), cells(text, "on_hand"), cells(text, "in_flight")) == (["5"], ["10"], ["2"])
    assert [cell.split(">")[1].split("<")[0] for cell in cells(text, "held")] == ["3"]


def test_the_shortfall_filter_finds_negative_stock_and_orders_without_units(shop: Shop) -> None:
    hold(shop, "CUP", 5)
    stock_of(shop, 1, "CUP")
    settle_order(shop, "1001", 6, "HAT")
    client = signed_in()
    assert skus(text_of(client.get(LIST, {"shortfall": "negative"}))) == ["CUP"]
    assert skus(text_of(client.get(LIST, {"shortfall": "orders"}))) == ["HAT"]


def test_the_shop_filter_shows_one_shops_stock(shop: Shop) -> None:
    stock_of(make_shop(), 1, "OTHER")
    text = text_of(signed_in().get(LIST, {"shop": shop.pk}))
    assert len(cells(text, "available")) == 4


def test_a_row_leads_to_its_live_holds_and_to_its_ledger() -> None:
    shop = make_shop()
    stock_of(shop, 9)
    stock_of(shop, 9, "SKU-2")
    outlive(hold(shop))
    live = hold(shop)
    hold(shop, "SKU-2")
    client = signed_in()
    text = text_of(client.get(page("stockitem_change", item(shop).pk)))
    links = [part.split('"')[0].replace("&amp;", "&") for part in text.split('href="')[1:]]
    to_holds = next(link for link in links if "status=active" in link)
    to_ledger = next(link for link in links if "/stockmovement/?" in link)
    holds = text_of(client.get(to_holds))
    assert f"…{str(live.reservation_id)[-12:]}" in holds
    assert "1 reservation" in holds
    assert "3 ledger" in text_of(client.get(to_ledger))


def test_a_count_by_hand_goes_through_the_engine_and_names_who_counted(shop: Shop) -> None:
    client = signed_in(username="ana.souza")
    answer = client.post(page("stockitem_count"), {"shop": shop.pk, "sku": "CUP", "quantity": "7"}, follow=True)
    assert "CUP: 7 on hand, 7 available." in text_of(answer)
    assert numbers(shop, "CUP") == (7, 0, 0)
    assert StockMovement.objects.latest("id").reference == "admin: ana.souza"
    assert engine.audit(shop.pk) == []


def test_a_count_of_a_sku_that_is_new_adds_it(shop: Shop) -> None:
    signed_in().post(page("stockitem_count"), {"shop": shop.pk, "sku": "NEW ", "quantity": "0"})
    assert engine.stock(shop.pk, "NEW ").on_hand == 0


@pytest.mark.parametrize(
    "mistake",
    [
        {"quantity": "-1"},
        {"quantity": "1.5"},
        {"quantity": ""},
        {"quantity": "9999999999"},
        {"sku": ""},
        {"sku": "a" * 256},
        {"sku": "A\x01"},
        {"sku": "A\x00"},
        {"shop": "0"},
        {"shop": ""},
    ],
)
def test_a_count_that_makes_no_sense_changes_nothing(shop: Shop, mistake: dict[str, str]) -> None:
    before = StockMovement.objects.count()
    values = {"shop": str(shop.pk), "sku": "CUP", "quantity": "7", **mistake}
    text = text_of(signed_in().post(page("stockitem_count"), values))
    assert "errorlist" in text
    assert StockMovement.objects.count() == before


def test_the_count_page_is_prefilled_from_the_row_that_it_was_opened_from(shop: Shop) -> None:
    stock_of(shop, 1, 'a&b "c"/é')
    client = signed_in()
    row = StockItem.objects.get(shop=shop, sku='a&b "c"/é')
    text = text_of(client.get(page("stockitem_change", row.pk)))
    link = next(part.split('"')[0] for part in text.split('href="')[1:] if "/count/?" in part.split('"')[0])
    assert 'value="a&amp;b &quot;c&quot;/é"' in text_of(client.get(link.replace("&amp;", "&")))


def test_staff_without_the_right_to_count_may_only_look(shop: Shop) -> None:
    client = signed_in("view_stockitem")
    assert page("stockitem_count") not in text_of(client.get(LIST))
    assert client.get(page("stockitem_count")).status_code == 403
    answer = client.post(page("stockitem_count"), {"shop": shop.pk, "sku": "CUP", "quantity": "7"})
    assert answer.status_code == 403
    assert numbers(shop, "CUP") == (5, 0, 0)
