"""Staff who are tied to shops see and change those alone, on every page of the admin that there is or will be."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User
from django.db import connection
from django.db.models import ForeignKey, Model
from django.test import Client
from django.urls import reverse

from reservations.admin import search
from reservations.admin.base import BoundedAdmin
from reservations.admin.seen_shops import sees_every_shop
from reservations.models import ApiKey, Reservation, Shop, StaffShop, StockItem, StockMovement
from tests.admin.rows import fill, name_of
from tests.admin.staff import text_of
from tests.factories import hold, make_shop, stock_of

pytestmark = pytest.mark.django_db

# Of people, and not of a shop's stock: tests/staff/test_rights.py.
PEOPLE = {User, Group}
TABLES = [model for model in admin.site._registry if model not in PEOPLE]
every_table = pytest.mark.parametrize("model", TABLES, ids=name_of)


def tied(*shops: Shop, username: str = "beto") -> Client:
    """A member of staff of these shops, who may do there whatever permissions can give."""
    user = User.objects.create_user(username, is_staff=True)
    user.user_permissions.set(Permission.objects.exclude(codename="see_every_shop"))
    StaffShop.objects.bulk_create([StaffShop(user=user, shop=shop) for shop in shops])
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def page(model: type[Model], kind: str, *arguments: object) -> str:
    return reverse(f"admin:{name_of(model)}_{kind}", args=[str(argument) for argument in arguments])


def shop_of(row: Any) -> int | None:
    """The shop that a row belongs to, None for a table of no shop."""
    return row.pk if isinstance(row, Shop) else getattr(row, "shop_id", None)


def rows_of_two_shops(model: type[Model]) -> tuple[Any, Any]:
    """A row of one shop, and one of another."""
    for _ in range(2):
        fill(model, make_shop(), 1)
    first, *_rest, last = model._default_manager.order_by("pk")
    assert shop_of(first) is None or shop_of(first) != shop_of(last)
    return first, last


@every_table
def test_staff_of_a_shop_see_its_rows_and_reach_no_others(model: type[Model]) -> None:
    theirs, ours = rows_of_two_shops(model)
    shop = Shop.objects.filter(pk=shop_of(ours) or 0).first() or make_shop()
    client, before = tied(shop), model._default_manager.filter(pk=theirs.pk).values().get()
    listed: Any = client.get(page(model, "changelist"))
    expected = {row.pk for row in model._default_manager.all() if shop_of(row) == shop.pk}
    assert ({row.pk for row in listed.context["cl"].queryset}, theirs.pk in expected) == (expected, False)
    if (known := shop_of(theirs)) is not None:
        assert Shop.objects.get(pk=known).domain.removesuffix(".myshopify.com") not in text_of(listed)
        text_of(client.get(page(model, "change", ours.pk)))
    exported: Any = client.get(page(model, "export"))
    assert len(b"".join(exported.streaming_content).splitlines()) == 1 + len(expected)
    for answer in attempts_at(client, model, theirs):
        is_sent_away = answer.status_code == 302 and answer["Location"] == reverse("admin:index")
        assert is_sent_away or answer.status_code in (403, 404, 405), answer.request["PATH_INFO"]
    for action in admin.site._registry[model].actions or ():
        chosen = {"action": str(action), "_selected_action": [str(theirs.pk)], "confirmed": "yes", "reason": "mine"}
        client.post(page(model, "changelist"), chosen)
    assert model._default_manager.filter(pk=theirs.pk).values().get() == before


def attempts_at(client: Client, model: type[Model], row: Any) -> Iterator[Any]:
    """The answers to whoever names the row's own pages."""
    for kind in ("change", "history", "delete"):
        yield client.get(page(model, kind, row.pk))
    for kind in ("change", "delete"):
        yield client.post(page(model, kind, row.pk), {"post": "yes"})


def test_every_admin_asks_whose_shops_are_seen() -> None:
    for model in TABLES:
        options = admin.site._registry[model]
        assert isinstance(options, BoundedAdmin), model
        # The choices of a filter over another table would be all of its rows.
        named = [known[0] if isinstance(known, tuple) else known for known in options.list_filter]
        relations = [name for name in named if isinstance(name, str) and _is_relation(model, name)]
        assert (relations, list(options.autocomplete_fields), list(options.inlines)) == ([], [], []), model


def _is_relation(model: type[Model], name: str) -> bool:
    return "__" in name or isinstance(model._meta.get_field(name), ForeignKey)


def test_staff_of_no_shop_see_none() -> None:
    stock_of(make_shop(), 5)
    answer: Any = tied().get(page(StockItem, "changelist"))
    assert list(answer.context["cl"].queryset) == []


def test_who_may_see_every_shop_sees_those_to_come_as_well() -> None:
    client = tied()
    User.objects.get().user_permissions.add(Permission.objects.get(codename="see_every_shop"))
    stock_of(make_shop(), 5)
    answer: Any = client.get(page(StockItem, "changelist"))
    assert len(answer.context["cl"].queryset) == 1


def test_a_search_finds_nothing_of_another_shop_and_all_of_ones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    # A search takes so many of the SKUs that begin with the term: those of other shops are not among them.
    monkeypatch.setattr(search, "MOST_SKUS", 3)
    theirs, ours = make_shop(), make_shop()
    for shop in (theirs, ours):
        for number in range(3):
            hold(shop, stock_of(shop, 5, f"CUP-{number}"))
    client = tied(ours)
    for model, rows in ((StockItem, 3), (Reservation, 3), (StockMovement, 6)):
        answer: Any = client.get(page(model, "changelist"), {"q": "CUP-"})
        assert [row.shop_id for row in answer.context["cl"].queryset] == [ours.pk] * rows, model


def test_the_page_that_finds_anything_finds_nothing_of_another_shop() -> None:
    theirs, ours = make_shop(), make_shop()
    held = [hold(shop, stock_of(shop, 5, "CUP")) for shop in (theirs, ours)]
    client = tied(ours)

    def found(text: object) -> set[str]:
        answer: Any = client.get(reverse("admin:where"), {"q": str(text)})
        return {row.shop for section in answer.context["found"] for row in section["rows"]}

    assert found("CUP") == {ours.domain.removesuffix(".myshopify.com")}
    assert found(held[0].reservation_id) == set()
    assert found(held[1].reservation_id) == {ours.domain.removesuffix(".myshopify.com")}


def test_a_count_and_an_api_key_are_made_for_shops_that_one_sees() -> None:
    theirs, ours = make_shop(), make_shop()
    client = tied(ours)
    count = reverse("admin:reservations_stockitem_count")
    for shop, made in ((theirs, False), (ours, True)):
        client.post(count, {"shop": shop.pk, "sku": "CUP", "quantity": 5})
        client.post(
            page(ApiKey, "add"), {"shop": shop.pk, "name": "ERP", "scopes": ["read"], "requests_per_minute": ""}
        )
        assert StockItem.objects.filter(shop=shop).exists() == made
        assert ApiKey.objects.filter(shop=shop).exists() == made
    for address in (count, page(ApiKey, "add")):
        assert theirs.domain not in text_of(client.get(address))


def test_only_who_sees_every_shop_adds_one() -> None:
    assert tied(make_shop()).get(page(Shop, "add")).status_code == 403


def test_staff_of_before_the_upgrade_see_every_shop_as_they_did() -> None:
    before = User.objects.create_user("carla", is_staff=True)
    shopper = User.objects.create_user("dora")
    statements: Any = import_module("reservations.migrations.0032_shops_of_staff")
    with connection.cursor() as cursor:
        cursor.execute(statements.STAFF_GO_ON_SEEING_EVERY_SHOP)
    assert [sees_every_shop(User.objects.get(pk=user.pk)) for user in (before, shopper)] == [True, False]
