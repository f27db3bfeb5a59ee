"""A row without relatives: no connection, no installation, no link, or an erased shop."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from django.contrib import admin
from django.db import DatabaseError, connection, transaction
from django.db.models import Model
from django.urls import reverse

from bling_sync.models import Connection
from reservations.erasure import shop_is_erased
from reservations.models import Shop, ShopifyInstallation
from tests.admin.rows import fill, name_of, ours
from tests.admin.staff import signed_in
from tests.factories import make_shop

pytestmark = pytest.mark.django_db

CALM = {200, 302}


def unlinked(model: type[Model], shop: Shop) -> None:
    """Cut every link that may be missing: the row's own, and the shop's to Bling and to Shopify."""
    for known in {Connection, ShopifyInstallation} - {model}:
        known._default_manager.all().delete()
    for field in model._meta.concrete_fields:
        if field.null:
            # The database's own rules ask for these: they are never missing.
            with suppress(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                model._default_manager.update(**{field.attname: None})
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def erased(model: type[Model], shop: Shop) -> None:
    """Let the shop leave, and erase what others keep of it."""
    shop_is_erased(shop.pk)


LONELY: dict[str, Callable[[type[Model], Shop], None]] = {"unlinked": unlinked, "erased": erased}


def pages(model: type[Model], row: Model) -> Iterator[str]:
    """The pages that show the row: alone, among others, as CSV, and "Where is ...?"."""
    name = f"admin:{name_of(model)}"
    yield from (reverse(f"{name}_changelist"), reverse(f"{name}_export"))
    yield from (reverse(f"{name}_{page}", args=[str(row.pk)]) for page in ("change", "history"))
    yield f"{reverse('admin:where')}?q={getattr(row, 'sku', row.pk)}"


def looked_at(answer: Any) -> int:
    """Read an answer to its end and return its status."""
    if getattr(answer, "streaming", False):
        b"".join(answer.streaming_content)
    return int(answer.status_code)


@pytest.fixture(params=LONELY)
def lonely(request: pytest.FixtureRequest) -> Callable[[type[Model]], list[Model]]:
    """Make a row of a model and take its relatives away; returns the rows that are left."""

    def make(model: type[Model]) -> list[Model]:
        shop = make_shop()
        fill(model, shop, 1)
        LONELY[request.param](model, shop)
        return list(model._default_manager.order_by("-pk")[:1])

    return make


@pytest.mark.parametrize("model", ours(), ids=name_of)
def test_every_page_of_a_row_that_stands_alone_is_shown(
    model: type[Model], lonely: Callable[[type[Model]], list[Model]]
) -> None:
    client = signed_in()
    for row in lonely(model):
        for address in pages(model, row):
            assert looked_at(client.get(address)) in CALM, address


@pytest.mark.parametrize("model", ours(), ids=name_of)
def test_every_action_on_a_row_that_stands_alone_is_answered(
    model: type[Model], lonely: Callable[[type[Model]], list[Model]]
) -> None:
    client, changelist = signed_in(), reverse(f"admin:{name_of(model)}_changelist")
    for row in lonely(model):
        for action in map(str, admin.site._registry[model].actions or ()):
            for said in ({}, {"confirmed": "yes", "reason": "inventory"}):
                sent = {"action": action, "_selected_action": str(row.pk), **said}
                assert looked_at(client.post(changelist, sent)) in CALM, (action, said)
                assert looked_at(client.get(changelist)) in CALM
