"""The admin's addresses, asked for by everybody who is not its staff: none shows or does anything."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, URLResolver

from reservations.models import ApiKey
from tests.attacks.addresses import filled_in
from tests.attacks.owner import SKU, Owner
from tests.attacks.size import whole_or_every
from tests.attacks.tally import Tally
from tests.shopify.signing import session_token

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
]
# What a stranger may see: how to sign in, how to leave, and the words of the pages' scripts.
FOR_STRANGERS = ("/admin/login/", "/admin/logout/", "/admin/jsi18n/")


def addresses(owner: Owner) -> list[str]:
    """Every address below `/admin/`, with the owner's rows in the blanks."""
    return sorted({filled_in(pattern, Names(owner)) for pattern in _walk("admin/", admin.site.urls[0])})


class Names(dict[str, object]):
    """For any blank the owner's stock item, except where an address wants a word."""

    def __init__(self, owner: Owner) -> None:
        super().__init__(app_label="reservations", url="reservations/")
        self.row = owner.names["item_pk"]

    def __missing__(self, name: str) -> object:
        return self.row

    def get(self, key: object, default: object = None) -> object:
        return None


def _walk(prefix: str, patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    for known in patterns:
        address = prefix + str(known.pattern)
        if isinstance(known, URLResolver):
            yield from _walk(address, known.url_patterns)
        else:
            yield address.replace("(?P<url>.*)$", "<url>")


def outsiders(owner: Owner) -> Iterator[tuple[Client, dict[str, str]]]:
    """Nobody, the shop's own credentials, and somebody who is signed in but no staff."""
    yield Client(), {}
    yield Client(), {"Authorization": f"Api-Key {ApiKey.issue(owner.shop)[1]}"}
    yield Client(), {"Authorization": f"Bearer {session_token(owner.shop.domain)}"}
    signed_in = Client()
    signed_in.force_login(User.objects.create_user("carla"))
    yield signed_in, {}


def test_nobody_outside_the_staff_is_shown_anything_of_the_admin(tally: Tally) -> None:
    owner = Owner()
    before = owner.state()
    known = addresses(owner)
    for turn, (client, headers) in enumerate(outsiders(owner)):
        caller: Any = client
        for address in whole_or_every(4, known, turn=turn):
            for answer in (caller.get(address, headers=headers), caller.post(address, headers=headers)):
                tally.heard(answer.status_code)
                assert answer.status_code < 500, address
                assert SKU not in answer.content.decode(), address
                assert answer.status_code != 200 or address in FOR_STRANGERS, address
    # Each try issued a key of the owner's; nothing else is new.
    after = owner.state()
    assert {name for name in after if after[name] != before[name]} <= {"ApiKey"}
