"""Every table of ours in the admin: present, quick, protected, exported, and all alike."""

import csv
import io
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from basico_stock.admin_site import SECTIONS
from reservations.admin import export
from tests.admin.rows import APPS, fill, filled_together, name_of, ours
from tests.admin.staff import signed_in, text_of
from tests.factories import make_shop

pytestmark = pytest.mark.django_db

# A table that nobody needs to see, and why.
WITHOUT_ADMIN = {
    "reservations_cooldown": "keyed hashes and an hour's times: a person can read nothing in them",
    "reservations_staffshop": "stands on the page of each member of staff",
}
# Where a person may add rows, and where a person may edit them.
ADDED_BY_HAND = {"reservations_shop", "reservations_apikey"}
EDITED_BY_HAND = {*ADDED_BY_HAND, "bling_sync_connection"}
# Actions that only show: whoever may view may use them.
LOOKING = {"as_csv"}

# The filters of the lists.
NARROWED = {
    "reservations_shop": ("?q=shop-",),
    "reservations_apikey": ("?shop={shop}", "?revoked=no", "?q=bzc"),
    "reservations_stockitem": ("?shop={shop}", "?q=SKU-", "?shortfall=negative", "?shortfall=orders&o=-2"),
    "reservations_stockmovement": ("?shop={shop}&kind__exact=count", "?q=SKU-"),
    "reservations_reservation": ("?shop={shop}&status=active", "?q=SKU-"),
    "reservations_shortfall": ("?shop={shop}&open=yes", "?q=SKU-"),
    "reservations_refusal": ("?shop={shop}&reason__exact=out_of_stock", "?q=SKU-"),
    "reservations_webhookdelivery": ("?status__exact=parked&topic=orders/paid", "?q=1"),
    "reservations_skulink": ("?mismatch=repeated", "?q=1"),
    "bling_sync_push": ("?state__exact=unknown", "?q=SKU-"),
    "bling_sync_difference": ("?cause__exact=edited&shop={shop}", "?q=SKU-"),
}

every_table = pytest.mark.parametrize("model", ours(), ids=name_of)


def page(model: type[Model], kind: str, *arguments: object) -> str:
    return reverse(f"admin:{name_of(model)}_{kind}", args=[str(argument) for argument in arguments])


def viewer(*models: type[Model]) -> Client:
    """A member of staff who may look at these tables, in every shop, and do nothing else."""
    user = User.objects.create_user("beto", is_staff=True)
    codes = [*(f"view_{model._meta.model_name}" for model in models), "see_every_shop"]
    user.user_permissions.set(Permission.objects.filter(codename__in=codes))
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        text_of(client.get(address))
    return len(queries)


def downloaded(client: Client, address: str) -> list[dict[str, str]]:
    """The rows of a CSV; fails unless it came as a stream."""
    answer: Any = client.get(address)
    assert (answer.status_code, answer.streaming) == (200, True)
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_every_table_can_be_looked_at_here_or_has_its_reason() -> None:
    known = {name_of(model) for app in APPS for model in apps.get_app_config(app).get_models()}
    assert known - {name_of(model) for model in ours()} == set(WITHOUT_ADMIN)


def test_every_table_has_its_place_among_the_sections() -> None:
    placed = {name for _title, names in SECTIONS for name in names}
    assert {model.__name__ for model in ours()} <= placed


def names_of(models: list[type[Model]]) -> str:
    return " and ".join(map(name_of, models))


@pytest.mark.parametrize("models", filled_together(), ids=names_of)
def test_lists_and_rows_ask_the_database_as_often_among_100_rows_as_for_one(models: list[type[Model]]) -> None:
    client, shop = signed_in(), make_shop()
    fill(models[0], shop, 1)
    addresses = []
    for model in models:
        row = model._default_manager.order_by("pk").first()
        assert row
        addresses.append(page(model, "change", row.pk))
        queries_of(client, addresses[-1])  # content types are read once for a process
        narrowed = ("", *NARROWED.get(name_of(model), ()))
        addresses += [page(model, "changelist") + query.format(shop=shop.pk) for query in narrowed]
    alone = [queries_of(client, address) for address in addresses]
    fill(models[0], shop, 99)
    assert [queries_of(client, address) for address in addresses] == alone
    assert max(alone) <= 10


@every_table
def test_every_row_of_a_list_is_in_its_csv_and_no_secret_is(
    model: type[Model], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "PAGE", 3)
    client, shop = signed_in(), make_shop()
    fill(model, shop, 7)
    rows = downloaded(client, page(model, "export"))
    assert len(rows) == model._default_manager.count() >= 7
    assert not [name for name in rows[0] if "token" in name and name not in ("token", "cart_token")]
    assert not {"hash", "state_hash", "browser_hash", "body", "digest"} & set(rows[0])


@every_table
def test_who_may_only_look_can_do_nothing_else(model: type[Model]) -> None:
    client = viewer(model)
    fill(model, make_shop(), 1)
    row, options = model._default_manager.first(), admin.site._registry[model]
    assert row
    listed = text_of(client.get(page(model, "changelist")))
    for action in {str(action) for action in options.actions or ()} - LOOKING:
        assert f'value="{action}"' not in listed
        before = model._default_manager.filter(pk=row.pk).values().get()
        chosen = {"action": action, "_selected_action": [str(row.pk)], "confirmed": "yes", "reason": "x"}
        client.post(page(model, "changelist"), chosen)
        assert model._default_manager.filter(pk=row.pk).values().get() == before
    assert client.get(page(model, "add")).status_code == 403
    assert client.post(page(model, "change", row.pk), {}).status_code == 403
    assert client.post(page(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert "_save" not in text_of(client.get(page(model, "change", row.pk)))


@every_table
def test_who_may_not_look_gets_neither_list_nor_row_nor_csv(model: type[Model]) -> None:
    client = viewer()
    fill(model, make_shop(), 1)
    row = model._default_manager.first()
    assert row
    for address in (page(model, "changelist"), page(model, "change", row.pk), page(model, "export")):
        assert client.get(address).status_code == 403
    assert client.get(reverse("admin:index")).status_code == 200


@every_table
def test_even_a_superuser_adds_edits_and_deletes_only_what_is_kept_by_hand(model: type[Model]) -> None:
    client = signed_in()
    fill(model, make_shop(), 1)
    row, name = model._default_manager.first(), name_of(model)
    assert row
    assert (client.get(page(model, "add")).status_code == 200) == (name in ADDED_BY_HAND)
    assert (client.post(page(model, "change", row.pk), {}).status_code != 403) == (name in EDITED_BY_HAND)
    assert client.post(page(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert "delete_selected" not in text_of(client.get(page(model, "changelist")))


@every_table
def test_an_empty_list_says_so(model: type[Model]) -> None:
    text = text_of(signed_in().get(page(model, "changelist")))
    assert 'class="paginator"' in text
    assert "0 " in text.split('class="paginator"')[1]
