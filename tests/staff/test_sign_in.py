"""The admin's sign-in: nobody can guess a password often, and a stranger's guesses lock nobody out."""

from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_login_failed
from django.db import connection
from django.test import Client, override_settings
from pytest_django import Settings

from reservations.api import throttle
from staff.known_browser import COOKIE
from staff.limits import PASSWORDS, PASSWORDS_OF_ADDRESS
from staff.models import SignInFailure

pytestmark = pytest.mark.django_db
PASSWORD = "a long and good password"


@pytest.fixture(autouse=True)
def _a_hash_that_takes_no_second(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def ana() -> str:
    name = f"Ana-{uuid4()}"
    User.objects.create_superuser(name, password=PASSWORD)
    return name


def sign_in(client: Client, name: str, password: str, address: str = "127.0.0.1") -> Any:
    sent = {"username": name, "password": password}
    return client.post("/admin/login/", sent, REMOTE_ADDR=address)


def guess(name: str, tries: int = PASSWORDS) -> None:
    """Wrong passwords, each from an address of its own."""
    for number in range(tries):
        assert sign_in(Client(), name, f"guess {number}", f"203.0.113.{number}").status_code == 200


def test_after_ten_failures_even_the_right_password_has_to_wait(ana: str) -> None:
    guess(ana)
    answer = sign_in(Client(headers={"Accept-Language": "pt-BR"}), ana, PASSWORD)
    assert answer.status_code == 200
    assert "Muitas tentativas" in answer.content.decode()


def test_the_limit_holds_while_redis_is_away(ana: str) -> None:
    throttle.sliding_window.cache_clear()
    with override_settings(REDIS_URL="unix:///nowhere/redis.sock"):
        guess(ana)
        assert sign_in(Client(), ana, PASSWORD).status_code == 200


def test_letter_case_and_other_addresses_buy_no_further_guesses(ana: str) -> None:
    guess(ana.upper())
    assert sign_in(Client(), ana, PASSWORD, "198.51.100.9").status_code == 200


def test_guesses_at_one_name_keep_no_other_out(ana: str) -> None:
    guess(f"Beto-{uuid4()}")
    assert sign_in(Client(), ana, PASSWORD).status_code == 302


def test_one_address_has_only_so_many_guesses_whatever_the_names(ana: str) -> None:
    for number in range(PASSWORDS_OF_ADDRESS):
        sign_in(Client(), f"name-{number}", "spring2026", "203.0.113.7")
    assert sign_in(Client(), ana, PASSWORD, "203.0.113.7").status_code == 200
    assert sign_in(Client(), ana, PASSWORD, "203.0.113.8").status_code == 302


def test_the_addresses_of_one_ipv6_network_are_one_address(ana: str) -> None:
    for number in range(PASSWORDS_OF_ADDRESS):
        sign_in(Client(), f"name-{number}", "spring2026", f"2001:db8:0:1::{number:x}")
    assert sign_in(Client(), ana, PASSWORD, "2001:db8:0:1:ffff::1").status_code == 200
    assert sign_in(Client(), ana, PASSWORD, "2001:db8:0:2::1").status_code == 302


def test_signing_in_uses_up_no_try(ana: str) -> None:
    for _ in range(PASSWORDS_OF_ADDRESS + 1):
        assert sign_in(Client(), ana, PASSWORD).status_code == 302
    assert not SignInFailure.objects.exists()


def test_a_browser_that_has_signed_in_before_is_not_kept_out_by_strangers_guesses(ana: str) -> None:
    browser = Client()
    assert sign_in(browser, ana, PASSWORD).status_code == 302
    guess(ana)
    for number in range(PASSWORDS_OF_ADDRESS):
        sign_in(Client(), f"name-{number}", "spring2026")
    assert sign_in(browser, ana, PASSWORD).status_code == 302


def test_a_known_browser_has_only_so_many_tries_itself(ana: str) -> None:
    browser = Client()
    sign_in(browser, ana, PASSWORD)
    for number in range(PASSWORDS):
        sign_in(browser, ana, f"guess {number}")
    assert sign_in(browser, ana, PASSWORD).status_code == 200


@pytest.mark.parametrize("cookie", ["", "made-up", "WyJhIiwiYiJd:1abcde:forged"])
def test_a_made_up_cookie_is_no_known_browser(ana: str, cookie: str) -> None:
    guess(ana)
    browser = Client()
    browser.cookies[COOKIE] = cookie
    assert sign_in(browser, ana, PASSWORD).status_code == 200


def test_one_persons_browser_is_not_known_for_another(ana: str) -> None:
    stranger = f"Beto-{uuid4()}"
    User.objects.create_superuser(stranger, password=PASSWORD)
    browser = Client()
    sign_in(browser, stranger, PASSWORD)
    guess(ana)
    assert sign_in(browser, ana, PASSWORD).status_code == 200


def test_failures_are_kept_for_a_day_and_name_nobody(ana: str) -> None:
    guess(ana, 1)
    assert ana.casefold() not in str(list(SignInFailure.objects.values_list("counted_as", flat=True)))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE staff_signinfailure SET at = at - interval '25 hours'")
    guess("beto", 1)
    assert SignInFailure.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_many_guesses_at_once_are_no_more_than_the_limit() -> None:
    looked_at: list[object] = []
    crowd, together = 2 * PASSWORDS, Barrier(2 * PASSWORDS)

    def one(number: int) -> None:
        together.wait(60)
        sign_in(Client(), "ana", f"guess {number}", f"203.0.113.{number}")
        connection.close()

    def note(**_: object) -> None:
        looked_at.append(None)

    user_login_failed.connect(note)
    try:
        threads = [Thread(target=one, args=(number,)) for number in range(crowd)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        user_login_failed.disconnect(note)
    assert 0 <= len(looked_at) <= PASSWORDS
