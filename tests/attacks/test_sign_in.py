"""Guesses of passwords: one at many names, many at one name. `ATTACKS=whole` sends 2,000 each way, the suite 30."""

import os
from collections.abc import Iterable
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from staff.limits import PASSWORDS, PASSWORDS_OF_ADDRESS
from tests.attacks.tally import Tally

pytestmark = pytest.mark.django_db
GUESSES = 2_000 if os.environ.get("ATTACKS") == "whole" else 30
PASSWORD = "what the guesser finds at last"


@pytest.fixture(autouse=True)
def _a_hash_that_takes_no_second(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def staff() -> str:
    name = f"staff-{uuid4()}"
    User.objects.create_superuser(name, password=PASSWORD)
    return name


def gets_in(tries: Iterable[tuple[str, str, str]], tally: Tally) -> bool:
    """Whether any of these names, passwords and addresses opens the admin, each in a browser that nobody knows."""
    found = False
    for name, password, address in tries:
        answer = Client().post("/admin/login/", {"username": name, "password": password}, REMOTE_ADDR=address)
        tally.heard("signed in" if answer.status_code == 302 else "refused")
        found |= answer.status_code == 302
    return found


def test_the_right_password_that_comes_after_many_wrong_ones_opens_nothing(tally: Tally) -> None:
    name = staff()
    addresses = [f"198.51.{number // 250}.{number % 250 + 1}" for number in range(GUESSES)]
    guesses = [(name, f"guess {number}", address) for number, address in enumerate(addresses)]
    assert not gets_in([*guesses[:PASSWORDS], *guesses, (name, PASSWORD, "203.0.113.9")], tally)


def test_one_address_finds_no_name_whose_password_is_a_common_one(tally: Tally) -> None:
    strangers = [(f"nobody-{number}", PASSWORD, "198.51.100.7") for number in range(max(GUESSES, PASSWORDS_OF_ADDRESS))]
    assert not gets_in([*strangers, (staff(), PASSWORD, "198.51.100.7")], tally)


def test_without_any_failure_before_it_the_right_password_opens_the_admin(tally: Tally) -> None:
    assert gets_in([(staff(), PASSWORD, "198.51.100.8")], tally)
