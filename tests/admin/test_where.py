"""Where is X? Whatever a person pastes leads to all that is linked to it."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bling_sync import models as bling
from reservations import engine
from reservations.models import Shop, ShopifyCart, ShopifyOrder, WebhookDelivery
from tests.admin.rows import fill
from tests.admin.staff import signed_in, text_of
from tests.factories import by_id, hold, item, make_shop, settle_order, stock_of

pytestmark = pytest.mark.django_db

EVERYTHING = {
    *("Stock items", "Reservations", "Ledger", "Shortfalls", "Shopify orders", "Carts", "Shopify carts", "Webhooks"),
    "Outbox",
}


class Story:
    """Ana's cart became order 5501, #1001, which is short of a unit; Bling's answer to its sale was lost."""

    def __init__(self) -> None:
        self.shop, self.cart, now = make_shop(), uuid4(), timezone.now()
        stock_of(self.shop, 1, "CUP")
        self.hold = hold(self.shop, "CUP", cart=self.cart)
        engine.confirm(self.shop.pk, by_id(self.hold), order_id="5501")
        settle_order(self.shop, "5501", 2, "CUP", cart=self.cart)
        of_shop: dict[str, Any] = {"shop": self.shop}
        ShopifyOrder.objects.create(**of_shop, order_id="5501", name="#1001", cart_token=self.cart, heard_at=now)
        ShopifyCart.objects.create(**of_shop, token="hWN1", cart_token=self.cart, closed_by="5501", seen_at=now)
        WebhookDelivery.objects.create(
            **of_shop,
            webhook_id="wh-77",
            topic="orders/paid",
            received_at=now,
            next_attempt_at=now,
            digest=b"",
            payload={"id": 5501},
        )
        bling.Push.objects.get_or_create(
            **of_shop,
            reservation_id=self.hold.reservation_id,
            kind="sale",
            defaults={
                "key": uuid4(),
                "mode": "movement",
                "stock_item": item(self.shop, "CUP"),
                "quantity": 1,
                "created_at": now,
                "next_attempt_at": now,
                "order_id": "5501",
            },
        )


def found(client: Client, text: str) -> set[str]:
    """The names of the tables that had a hit."""
    answer = client.get(reverse("admin:where"), {"q": text})
    text_of(answer)
    return {str(section["name"])[0].upper() + str(section["name"])[1:] for section in answer.context["found"]}


def test_an_order_a_cart_a_reservation_and_a_webhook_lead_to_the_same_story() -> None:
    story, client = Story(), signed_in()
    linked = EVERYTHING - {"Stock items"}
    assert found(client, "5501") == linked
    assert found(client, "#1001") == linked
    assert found(client, "1001") == linked
    assert found(client, "gid://shopify/Order/5501") == linked
    assert found(client, str(story.cart)) == linked
    assert found(client, "hWN1?key=secret") == linked
    assert found(client, f" {story.hold.reservation_id} ") == linked
    assert found(client, "wh-77") >= {"Webhooks"}


def test_a_sku_leads_to_its_stock_its_live_holds_its_ledger_and_its_shortfalls() -> None:
    story, client = Story(), signed_in()
    stock_of(story.shop, 9, "CUP")
    hold(story.shop, "CUP")
    names = found(client, "CUP")
    assert names == {"Stock items", "Reservations", "Ledger", "Shortfalls", "Outbox"}
    assert found(client, "cup") == set()


def test_what_nobody_knows_is_answered_in_a_sentence_and_shows_no_markup() -> None:
    text = text_of(signed_in().get(reverse("admin:where"), {"q": "<script>x</script>"}))
    assert "Nothing is known by “&lt;script&gt;x&lt;/script&gt;”" in text


def test_a_story_of_one_shop_stays_in_that_shop() -> None:
    Story()
    other = Story()
    answer = signed_in().get(reverse("admin:where"), {"q": str(other.hold.reservation_id)})
    rows = [row for section in answer.context["found"] for row in section["rows"]]
    assert {row.shop for row in rows} == {other.shop.domain.removesuffix(".myshopify.com")}


def test_who_may_not_look_at_a_table_does_not_see_its_rows_here() -> None:
    Story()
    assert found(signed_in("view_stockitem"), "5501") == set()
    assert found(signed_in("view_shopifyorder", username="beto"), "5501") == {"Shopify orders"}


def test_the_page_asks_as_often_for_much_as_for_little() -> None:
    client = signed_in()

    def queries(shop: Shop) -> int:
        with CaptureQueriesContext(connection) as asked:
            found(client, "CUP")
        return len(asked)

    story = Story()
    # Or what comes free would go to the orders, and nobody could hold it.
    Shop.objects.filter(pk=story.shop.pk).update(rescue_paid_orders=False)
    queries(story.shop)
    few = queries(story.shop)
    for number in range(30):
        hold_all(story.shop, number)
    fill(WebhookDelivery, story.shop, 30)
    assert queries(story.shop) == few <= 40


def hold_all(shop: Shop, number: int) -> None:
    stock_of(shop, 99, "CUP")
    hold(shop, "CUP", cart=uuid4())
    settle_order(shop, f"more-{number}", 200, "CUP")


def test_every_page_has_the_way_to_it_in_its_head() -> None:
    client = signed_in()
    for address in (reverse("admin:index"), reverse("admin:reservations_shop_changelist")):
        assert f'action="{reverse("admin:where")}"' in text_of(client.get(address))
