"""From each row to all that belongs to it: every link opens, and the page behind it finds the row."""

import re
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bling_sync import models as bling
from reservations import engine, turned_away
from reservations.models import Refusal, Reservation, ShopifyOrder, Shortfall, StockItem, StockMovement, WebhookDelivery
from tests.admin.rows import fill, name_of, ours
from tests.admin.staff import signed_in, text_of
from tests.factories import by_id, hold, item, make_shop, settle_order, stock_of

pytestmark = pytest.mark.django_db


def links_of(client: Client, row: Model) -> dict[str, str]:
    """The words and the address of each link under "see also"."""
    text = text_of(client.get(reverse(f"admin:{name_of(type(row))}_change", args=[row.pk])))
    _before, _field, rest = text.partition("field-related")
    shown = rest.partition("</div>\n")[0].partition("fieldset")[0]
    return {words: unescape(address) for address, words in re.findall(r'<a href="([^"]+)">([^<]+)</a>', shown)}


def results(client: Client, address: str) -> set[Any]:
    """The keys of the rows that the list at this address shows."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    return {row.pk for row in answer.context["cl"].result_list}


@pytest.mark.parametrize("model", ours(), ids=name_of)
def test_every_link_of_a_row_opens(model: type[Model]) -> None:
    client = signed_in()
    fill(model, make_shop(), 1)
    row = model._default_manager.order_by("-pk").first()
    assert row
    for words, address in links_of(client, row).items():
        assert client.get(address).status_code == 200, (words, address)


def test_a_sale_is_walked_from_its_item_to_its_push_and_back() -> None:
    client, shop, cart = signed_in(), make_shop(), uuid4()
    stock_of(shop, 1)
    held = hold(shop, cart=cart)
    engine.confirm(shop.pk, by_id(held), order_id="5501")
    settle_order(shop, "5501", 2, cart=cart)
    now = timezone.now()
    told: dict[str, Any] = {"received_at": now, "next_attempt_at": now, "digest": b"", "payload": {"id": 5501}}
    webhook = WebhookDelivery.objects.create(shop=shop, webhook_id="w", topic="orders/paid", **told)
    order = ShopifyOrder.objects.create(shop=shop, order_id="5501", name="#1001", cart_token=cart, heard_at=now)
    push, _made = bling.Push.objects.get_or_create(
        shop=shop,
        reservation_id=held.reservation_id,
        kind="sale",
        defaults={
            "key": uuid4(),
            "mode": "movement",
            "stock_item": item(shop),
            "quantity": 1,
            "order_id": "5501",
            "created_at": now,
            "next_attempt_at": now,
        },
    )
    stock, short = StockItem.objects.get(), Shortfall.objects.get()
    sale = Reservation.objects.get()
    moved = StockMovement.objects.get(kind="confirmed")
    steps: list[tuple[Model, str, Model]] = [
        (stock, "reservations", sale),
        (stock, "ledger", moved),
        (stock, "shortfalls", short),
        (stock, "outbox", push),
        (sale, "ledger", moved),
        (sale, "order", order),
        (sale, "outbox", push),
        (push, "ledger", moved),
        (push, "order", order),
        (order, "reservations", sale),
        (order, "shortfalls", short),
        (order, "webhooks", webhook),
        (order, "outbox", push),
        (short, "order", order),
        (webhook, "order", order),
        (webhook, "reservations", sale),
    ]
    for row, words, other in steps:
        assert other.pk in results(client, links_of(client, row)[words]), (type(row).__name__, words)


def test_refusals_are_walked_from_the_item_that_they_were_of_and_back_to_its_ledger() -> None:
    client, shop = signed_in(), make_shop()
    for sku in ("SKU-1", "SKU-2"):
        stock_of(shop, 0, sku)
        turned_away.clerk.note((shop.pk, sku, "out_of_stock"), 1, turned_away.Said(available=0))
    turned_away.clerk.flush()
    stock = item(shop)
    row = Refusal.objects.get(stock_item=stock)
    assert results(client, links_of(client, stock)["refusals"]) == {row.pk}
    assert results(client, links_of(client, row)["refusals"]) == {row.pk}
    counted = StockMovement.objects.get(stock_item=stock)
    assert results(client, links_of(client, row)["ledger of the SKU"]) == {counted.pk}


def test_an_order_is_found_by_the_name_that_the_merchant_sees() -> None:
    client, shop = signed_in(), make_shop()
    stock_of(shop, 1)
    settle_order(shop, "5501", 3)
    ShopifyOrder.objects.create(shop=shop, order_id="5501", name="#1001", heard_at=timezone.now())
    for term in ("1001", "#1001", "5501", "gid://shopify/Order/5501"):
        for model in (Reservation, Shortfall, ShopifyOrder):
            address = f"{reverse(f'admin:{name_of(model)}_changelist')}?q={term.replace('#', '%23')}"
            assert len(results(client, address)) == 1, (term, model)
