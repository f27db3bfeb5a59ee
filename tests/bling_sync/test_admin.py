"""Bling in Django's admin: each page opens, needs no more queries for many rows than for one, and decides."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bling_sync.models import Connection, Difference, ImportRun, Product, Push, WebhookEvent
from bling_sync.webhooks.consequences import apply_new
from tests.admin.staff import signed_in, text_of
from tests.bling_sync.world import FIRST, World

pytestmark = pytest.mark.django_db(transaction=True)

LISTS = ("connection", "push", "product", "difference", "importrun", "webhookevent")


def page(name: str, *arguments: object) -> str:
    return reverse(f"admin:bling_sync_{name}", args=[str(argument) for argument in arguments])


def act(client: Client, model: str, action: str, *keys: int, confirmed: bool = False) -> Any:
    data: dict[str, Any] = {"action": action, "_selected_action": [str(key) for key in keys]}
    if confirmed:
        data["confirmed"] = "yes"
    return client.post(page(f"{model}_changelist"), data, follow=action != "as_csv")


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        text_of(client.get(address))
    return len(queries)


def live(world: World) -> None:
    """A shop with rows in every list."""
    world.buy(order_id="1001")
    world.bling.control.post("movements", sku=FIRST, operation="S", quantity=2)
    world.settle()


@pytest.mark.parametrize("name", LISTS)
def test_each_list_opens_and_asks_no_more_for_more_rows(world: World, name: str) -> None:
    live(world)
    client = signed_in()
    queries_of(client, page(f"{name}_changelist"))
    few = queries_of(client, page(f"{name}_changelist"))
    for _ in range(3):
        live(world)
    assert queries_of(client, page(f"{name}_changelist")) == few


def test_each_row_opens(world: World) -> None:
    live(world)
    client = signed_in()
    for model in (Connection, Push, Product, Difference, ImportRun, WebhookEvent):
        row = model._default_manager.first()
        assert row is not None
        text_of(client.get(page(f"{model.__name__.lower()}_change", row.pk)))


def test_the_connection_shows_no_token_and_no_ciphertext(world: World) -> None:
    shown = text_of(signed_in().get(page("connection_change", world.connection.pk)))
    assert world.connection.access_token not in shown
    assert world.bling.control.get("tokens")["tokens"][0]["refresh_token"] not in shown


def test_the_mode_that_is_chosen_here_is_the_merchants(world: World) -> None:
    data = {"mode": "observe", "brake_percent": "40"}
    signed_in().post(page("connection_change", world.connection.pk), data)
    known = world.connection
    assert (known.mode, known.mode_reason, known.brake_percent) == ("observe", "merchant", 40)
    assert known.refresh_token


def test_a_lost_answer_is_decided_after_both_readings_were_shown(world: World) -> None:
    world.bling.control.post("webhooks", lost=1.0)
    world.fault("cut_after")
    push = world.buy(quantity=2)
    world.push()
    Push.objects.filter(pk=push.pk).update(before_physical=10, after_physical=8, escalated_at=push.created_at)
    client = signed_in()
    asked = text_of(act(client, "push", "is_in_bling", push.pk))
    assert "Bling had 10 before and 8 after it" in asked
    assert Push.objects.get(pk=push.pk).state == "unknown"
    assert "1 push was decided." in text_of(act(client, "push", "is_in_bling", push.pk, confirmed=True))
    assert Push.objects.get(pk=push.pk).evidence == "merchant"


def test_a_refused_sale_is_sent_again_from_here(world: World) -> None:
    world.bling.control.post("products/change", sku=FIRST, lot_controlled=True)
    push = world.buy(quantity=2)
    world.push()
    assert Push.objects.get(pk=push.pk).state == "failed"
    world.bling.control.post("products/change", sku=FIRST, lot_controlled=False)
    act(signed_in(), "push", "send_again", push.pk, confirmed=True)
    world.push()
    assert world.in_bling() == (8, 8)


def test_one_sku_is_read_now_from_here(world: World) -> None:
    world.bling.control.post("movements", sku=FIRST, operation="S", quantity=2)
    assert "1 figures were read from Bling." in text_of(act(signed_in(), "product", "read_now", world.product().pk))
    assert world.stock().on_hand == 8


def test_an_import_is_undone_and_downloaded_from_here(world: World) -> None:
    run = ImportRun.objects.get()
    client = signed_in()
    assert b"SKU-BZC-001" in act(client, "importrun", "as_csv", run.pk).content
    assert "Readings pause" in text_of(act(client, "importrun", "undo", run.pk))
    assert world.stock().on_hand == 10
    assert "are as before" in text_of(act(client, "importrun", "undo", run.pk, confirmed=True))
    assert world.stock().on_hand == 0


def test_events_are_looked_at_once_more_after_a_question(world: World) -> None:
    live(world)
    world.hear()
    apply_new(world.shop.pk)
    events = list(WebhookEvent.objects.filter(processed_at__isnull=False))
    assert events
    client, keys = signed_in(), [event.pk for event in events]
    assert "Nothing is booked twice." in text_of(act(client, "webhookevent", "replay", *keys))
    assert not WebhookEvent.objects.filter(processed_at=None).exists()
    before = world.movements()
    act(client, "webhookevent", "replay", *keys, confirmed=True)
    assert WebhookEvent.objects.filter(processed_at=None).count() == len(keys)
    world.settle()
    assert world.movements() == before


def test_the_lists_speak_portuguese(world: World) -> None:
    world.buy()
    shown = text_of(signed_in(language="pt-br").get(page("push_changelist")))
    assert "pendente" in shown
