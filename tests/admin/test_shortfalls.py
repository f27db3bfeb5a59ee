"""Shortfalls in the admin: a person notes how they settled each with its buyer."""

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from reservations.models import Shop, Shortfall, StockMovement
from tests.admin.staff import page, signed_in, text_of
from tests.factories import make_shop, numbers, settle_order, stock_of

pytestmark = pytest.mark.django_db

LIST = page("shortfall_changelist")


def short_shop(*orders: str) -> Shop:
    shop = make_shop()
    stock_of(shop, 0)
    for order in orders:
        settle_order(shop, order, 2)
    return shop


def settle(client: Client, shop: Shop, reason: str = "paid back on Monday", **values: str) -> str:
    keys = [str(key) for key in Shortfall.objects.filter(shop=shop).values_list("pk", flat=True)]
    sent = {"action": "resolve", "_selected_action": keys, "confirmed": "yes", "reason": reason} | values
    return text_of(client.post(LIST, sent, follow=True))


def test_several_are_settled_with_a_reason_and_the_ledger_names_who() -> None:
    shop = short_shop("1001", "1002")
    before = numbers(shop)
    assert "2 shortfalls were settled." in settle(signed_in(username="ana.souza"), shop)
    for row in Shortfall.objects.all():
        assert (row.resolved_by, row.resolution) == ("admin: ana.souza", "paid back on Monday")
    references = StockMovement.objects.filter(kind="settled").values_list("reference", flat=True)
    assert set(references) == {f"{order}: admin: ana.souza: paid back on Monday" for order in ("1001", "1002")}
    assert numbers(shop) == before
    assert LogEntry.objects.count() == 2


def test_nothing_is_settled_before_the_question_has_its_answer() -> None:
    shop, client = short_shop("1001"), signed_in()
    asked = text_of(client.post(LIST, {"action": "resolve", "_selected_action": [str(Shortfall.objects.get().pk)]}))
    assert "2 x SKU-1 · 1001" in asked
    assert "This field is required." in settle(client, shop, reason=" ")
    assert Shortfall.objects.get().resolved_at is None


def test_a_shortfall_that_is_settled_already_is_left_as_it_is() -> None:
    shop, client = short_shop("1001"), signed_in()
    settle(client, shop)
    assert "0 shortfalls were settled." in settle(client, shop, reason="again")
    assert Shortfall.objects.get().resolution == "paid back on Monday"


def test_the_page_of_a_row_offers_what_its_list_can_do() -> None:
    short_shop("1001")
    row = Shortfall.objects.get()
    assert "Mark as settled with the buyer" in text_of(signed_in().get(page("shortfall_change", row.pk)))
    viewer = signed_in("view_shortfall", username="beto")
    assert "Mark as settled" not in text_of(viewer.get(page("shortfall_change", row.pk)))


def queue(client: Client, shop: Shop, action: str, **values: str) -> str:
    keys = [str(key) for key in Shortfall.objects.filter(shop=shop).values_list("pk", flat=True)]
    return text_of(client.post(LIST, {"action": action, "_selected_action": keys} | values, follow=True))


def test_orders_are_kept_out_of_the_queue_and_let_in_again_and_the_row_names_who() -> None:
    shop, client = short_shop("1001", "1002"), signed_in(username="ana.souza")
    assert "2 x SKU-1 · 1001" in queue(client, shop, "keep_out")
    assert "2 orders were changed." in queue(client, shop, "keep_out", confirmed="yes")
    assert set(Shortfall.objects.values_list("kept_out_by", flat=True)) == {"admin: ana.souza"}
    stock_of(shop, 1)
    assert "2 orders were changed." in queue(client, shop, "let_in", confirmed="yes")
    assert list(Shortfall.objects.order_by("order_id").values_list("quantity", flat=True)) == [1, 2]
    assert LogEntry.objects.count() == 4


def test_who_may_only_look_keeps_nobody_out() -> None:
    shop = short_shop("1001")
    queue(signed_in("view_shortfall", username="beto"), shop, "keep_out", confirmed="yes")
    assert Shortfall.objects.get().kept_out_by == ""
