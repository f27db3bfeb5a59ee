"""Nobody gives more than they have, and nobody becomes more than they are by another's password."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.urls import reverse

from reservations.models import StaffShop
from tests.admin.staff import text_of
from tests.factories import make_shop

pytestmark = pytest.mark.django_db
KEEPER = (
    "add_user",
    "change_user",
    "delete_user",
    "view_user",
    "add_group",
    "change_group",
    "delete_group",
    "view_group",
)


def granted(*codes: str) -> list[Permission]:
    found = list(Permission.objects.filter(codename__in=codes))
    assert len(found) == len(codes)
    return found


def person(name: str, *codes: str, **values: Any) -> User:
    user = User.objects.create_user(name, is_staff=True, **values)
    user.user_permissions.set(granted(*codes))
    return user


def signed_in(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


@pytest.fixture
def keeper() -> Client:
    """Who may look after users and groups, and besides look at stock."""
    return signed_in(person("keeper", *KEEPER, "view_stockitem", "see_every_shop"))


def form_of(user: User, **changed: Any) -> dict[str, Any]:
    """What the user's form sends, with these changes."""
    values = {
        "username": user.username,
        "is_active": "on",
        "is_staff": "on",
        "groups": [group.pk for group in user.groups.all()],
        "user_permissions": [permission.pk for permission in user.user_permissions.all()],
        **{f"date_joined_{part}": text for part, text in enumerate(("2026-11-28", "12:00:00"))},
        "seen_shops-TOTAL_FORMS": 0,
        "seen_shops-INITIAL_FORMS": 0,
    }
    return values | changed


def change(user: User) -> str:
    return reverse("admin:auth_user_change", args=[user.pk])


def test_who_keeps_users_makes_nobody_a_superuser_not_even_themselves(keeper: Client) -> None:
    for user in (User.objects.get(username="keeper"), person("beto")):
        answer = keeper.post(change(user), form_of(user, is_superuser="on", first_name="B"))
        assert answer.status_code == 302, answer.content.decode()
        user.refresh_from_db()
        assert (user.is_superuser, user.first_name) == (False, "B")


def test_a_permission_or_group_that_the_giver_lacks_is_no_choice(keeper: Client) -> None:
    user, group = person("beto"), Group.objects.create(name="Operators")
    group.permissions.set(granted("change_stockitem"))
    for sent in (
        {"user_permissions": [granted("change_stockitem")[0].pk]},
        {"groups": [group.pk]},
    ):
        assert "errorlist" in text_of(keeper.post(change(user), form_of(user, **sent)))
    assert User.objects.get(pk=user.pk).get_all_permissions() == set()
    assert "Can change stock item" not in text_of(keeper.get(change(user)))


def test_a_permission_that_the_giver_has_is_given(keeper: Client) -> None:
    user = person("beto")
    keeper.post(change(user), form_of(user, user_permissions=[granted("view_stockitem")[0].pk]))
    assert User.objects.get(pk=user.pk).get_all_permissions() == {"reservations.view_stockitem"}


@pytest.mark.parametrize("is_active", [True, False], ids=["active", "inactive"])
def test_whoever_has_more_is_out_of_reach(keeper: Client, is_active: bool) -> None:
    more = [
        User.objects.create_superuser("root", is_active=is_active),
        person("beto", "change_stockitem", is_active=is_active),
        person("carla", is_active=is_active),
    ]
    group = Group.objects.create(name="Operators")
    group.permissions.set(granted("change_shortfall"))
    more[2].groups.add(group)
    for user in more:
        before = User.objects.filter(pk=user.pk).values().get()
        password = {"usable_password": "true", "password1": "a-new-pass-word-77", "password2": "a-new-pass-word-77"}
        pages = (change(user), reverse("admin:auth_user_password_change", args=[user.pk]))
        assert [keeper.post(page, form_of(user, is_staff="") | password).status_code for page in pages] == [403, 403]
        assert keeper.post(reverse("admin:auth_user_delete", args=[user.pk]), {"post": "yes"}).status_code == 403
        chosen = {"action": "delete_selected", "_selected_action": [str(user.pk)], "post": "yes"}
        keeper.post(reverse("admin:auth_user_changelist"), chosen)
        assert User.objects.filter(pk=user.pk).values().get() == before


def test_a_group_gives_nothing_that_its_editor_lacks(keeper: Client) -> None:
    mighty, weak = Group.objects.create(name="mighty"), Group.objects.create(name="weak")
    mighty.permissions.set(granted("change_stockitem"))
    lacking = granted("change_stockitem")[0].pk
    pages = {group: reverse("admin:auth_group_change", args=[group.pk]) for group in (mighty, weak)}
    assert keeper.post(pages[mighty], {"name": "mine", "permissions": []}).status_code == 403
    assert "errorlist" in text_of(keeper.post(pages[weak], {"name": "weak", "permissions": [lacking]}))
    assert "errorlist" in text_of(
        keeper.post(reverse("admin:auth_group_add"), {"name": "new", "permissions": [lacking]})
    )
    assert weak.permissions.count() == 0


def test_a_shop_is_given_by_who_sees_it() -> None:
    theirs, ours = make_shop(), make_shop()
    giver = person("keeper", *KEEPER, "add_staffshop", "view_staffshop")
    user = person("beto")
    StaffShop.objects.bulk_create([StaffShop(user=one, shop=ours) for one in (giver, user)])
    client, known = signed_in(giver), StaffShop.objects.get(user=user)
    assert theirs.domain not in text_of(client.get(change(user)))
    inline = {"seen_shops-TOTAL_FORMS": 1, "seen_shops-0-user": user.pk, "seen_shops-0-shop": theirs.pk}
    assert "errorlist" in text_of(client.post(change(user), form_of(user, **inline)))
    assert list(StaffShop.objects.filter(user=user)) == [known]


def test_staff_of_a_shop_see_the_people_of_that_shop_alone() -> None:
    theirs, ours = make_shop(), make_shop()
    giver, neighbour, stranger = person("keeper", *KEEPER), person("beto"), person("carla")
    for user, shop in ((giver, ours), (neighbour, ours), (stranger, theirs)):
        StaffShop.objects.create(user=user, shop=shop)
    client = signed_in(giver)
    listed: Any = client.get(reverse("admin:auth_user_changelist"))
    assert {user.username for user in listed.context["cl"].queryset} == {"keeper", "beto"}
    assert client.get(change(stranger)).status_code == 302
    assert client.get(change(neighbour)).status_code == 200
    assert client.get(reverse("admin:auth_user_add")).status_code == 403


def test_a_superuser_does_it_all() -> None:
    client, user = signed_in(User.objects.create_superuser("root")), person("beto")
    client.post(change(user), form_of(user, is_superuser="on"))
    assert User.objects.get(pk=user.pk).is_superuser
