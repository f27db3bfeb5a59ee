"""The ledger and the shortfalls in the admin: who had what and when, and who is short of what."""

import re

import pytest

from reservations import engine
from tests.admin.staff import page, signed_in, text_of
from tests.factories import by_id, hold, make_shop, settle_order, stock_of

pytestmark = pytest.mark.django_db

LEDGER = page("stockmovement_changelist")
SHORTFALLS = page("shortfall_changelist")


def test_each_row_shows_the_balances_and_what_changed_them() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    hold(shop, quantity=2)
    text = text_of(signed_in().get(LEDGER))
    assert '<td class="field-reserved_moved">2 <strong>(+2)</strong></td>' in text
    assert '<td class="field-on_hand_moved">5 <strong>(+5)</strong></td>' in text
    assert '<td class="field-available_after">3</td>' in text


def test_a_moment_is_shown_to_the_second_in_the_time_of_sao_paulo() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    at = hold(shop).created_at
    client = signed_in()
    found = re.findall(r"(\d\d/\d\d/\d{4}) (\d\d):(\d\d):(\d\d)", text_of(client.get(LEDGER)))
    assert len(found) == 2
    assert int(found[0][1]) == (at.hour - 3) % 24
    assert (int(found[0][2]), int(found[0][3])) == (at.minute, at.second)


def test_the_ledger_is_searched_by_reservation_and_by_the_beginning_of_a_sku() -> None:
    shop = make_shop()
    stock_of(shop, 5, "CUP-BLUE")
    stock_of(shop, 5, "HAT")
    held = hold(shop, "CUP-BLUE")
    engine.release(shop.pk, by_id(held), reason="changed her mind")
    client = signed_in()
    assert "2 ledger" in text_of(client.get(LEDGER, {"q": str(held.reservation_id)}))
    assert "3 ledger" in text_of(client.get(LEDGER, {"q": "CUP"}))
    assert "0 ledger" in text_of(client.get(LEDGER, {"q": "BLUE"}))


def test_a_shortfall_is_found_by_its_order_and_by_its_sku() -> None:
    shop = make_shop()
    stock_of(shop, 1, "CUP")
    settle_order(shop, "1001", 3, "CUP")
    client = signed_in()
    for query in ({"q": "1001"}, {"q": "CU"}, {"open": "yes"}):
        assert '<td class="field-quantity">2</td>' in text_of(client.get(SHORTFALLS, query))
    assert "0 shortfalls" in text_of(client.get(SHORTFALLS, {"open": "no"}))
    assert "0 shortfalls" in text_of(client.get(SHORTFALLS, {"q": "1002"}))


def test_a_list_counts_no_further_than_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reservations.admin.paginator.MOST_ROWS", 3)
    shop = make_shop()
    for number in range(5):
        stock_of(shop, number, f"SKU-{number}")
    assert "3 ledger" in text_of(signed_in().get(LEDGER))
