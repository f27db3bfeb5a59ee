"""Webhooks in the admin: a person sees the parked ones, and lets the service try them again."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from reservations.models import WebhookDelivery
from reservations.shopify.webhooks import processor
from reservations.shopify.webhooks.inbox_nudge import nudger
from tests.factories import make_shop, numbers, stock_of
from tests.shopify.webhooks.deliveries import send
from tests.shopify.webhooks.payloads import order_payload

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "/admin/reservations/webhookdelivery/"


@pytest.fixture
def staff() -> Client:
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("lia", password="lia"))
    return client


def test_a_parked_webhook_is_shown_and_tried_again(staff: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nudger, "nudge", lambda shop_id: None)
    shop = make_shop()
    stock_of(shop, 5)
    send(shop, "orders/create", order_payload())
    row = WebhookDelivery.objects.get(shop=shop)
    WebhookDelivery.objects.filter(pk=row.pk).update(status="parked", error="nobody understood it")
    assert "nobody understood it" in staff.get(LIST).content.decode()
    chosen = {"action": "replay", "_selected_action": [row.pk]}
    assert "nobody understood it" in staff.post(LIST, chosen).content.decode()
    assert WebhookDelivery.objects.get(pk=row.pk).status == "parked"
    assert staff.post(LIST, chosen | {"confirmed": "yes"}, follow=True).status_code == 200
    processor.process_due_deliveries(shop.pk, seconds=10)
    assert numbers(shop) == (5, 0, 1)


def test_a_webhook_is_found_by_its_exact_id(staff: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nudger, "nudge", lambda shop_id: None)
    shop = make_shop()
    for name in ("w-1", "w-2"):
        send(shop, f"orders/{'create' if name == 'w-1' else 'paid'}", order_payload(), webhook_id=name)
    page = staff.get(LIST, {"q": "w-1"}).content.decode()
    assert page.count('class="action-select"') == 1
    assert staff.get(f"{LIST}{WebhookDelivery.objects.get(webhook_id='w-2').pk}/change/").status_code == 200
