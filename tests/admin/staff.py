"""Requests to the admin by a member of staff."""

from typing import Any

from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse


def signed_in(*permissions: str, username: str = "ana", language: str = "en") -> Client:
    """Sign in staff of every shop with these permissions (as in "view_stockitem"); without any, a superuser."""
    if permissions:
        user = User.objects.create_user(username, is_staff=True)
        found = Permission.objects.filter(codename__in=permissions, content_type__app_label="reservations")
        assert found.count() == len(permissions)
        user.user_permissions.set([*found, Permission.objects.get(codename="see_every_shop")])
    else:
        user = User.objects.create_superuser(username)
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return client


def page(name: str, *arguments: object) -> str:
    """The address of an admin page of this project, as in ``page("stockitem_change", 4)``."""
    return reverse(f"admin:reservations_{name}", args=[str(argument) for argument in arguments])


def text_of(response: Any) -> str:
    """The page's text; fails unless the status is 200."""
    assert response.status_code == 200, (response.status_code, response.content[:500])
    text: str = response.content.decode()
    return text
