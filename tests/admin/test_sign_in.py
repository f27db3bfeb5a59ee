"""The admin's sign-in: nobody can guess a password often, and a stranger's guesses lock nobody out."""

from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client, override_settings
from pytest_django import Settings

from basico_stock.sign_in import COOKIE, TRIES
from reservations.api import throttle

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


def sign_in(client: Client, name: str, password: str, **headers: Any) -> Any:
    return client.post("/admin/login/", {"username": name, "password": password}, **headers)


def guess(name: str, tries: int = TRIES) -> None:
    for number in range(tries):
        answer = sign_in(Client(), name, f"guess {number}", headers={"X-Forwarded-For": f"203.0.113.{number}"})
        assert answer.status_code == 200


def test_after_ten_tries_even_the_right_password_has_to_wait(ana: str) -> None:
    guess(ana)
    answer = sign_in(Client(headers={"Accept-Language": "pt-BR"}), ana, PASSWORD)
    assert answer.status_code == 200
    assert "Muitas tentativas para este usuário" in answer.content.decode()


def test_letter_case_and_forged_addresses_buy_no_further_guesses(ana: str) -> None:
    guess(ana.upper())
    assert sign_in(Client(), ana, PASSWORD, headers={"X-Forwarded-For": "198.51.100.9"}).status_code == 200


def test_guesses_at_one_name_keep_no_other_out(ana: str) -> None:
    guess(f"Beto-{uuid4()}")
    assert sign_in(Client(), ana, PASSWORD).status_code == 302


def test_a_browser_that_has_signed_in_before_is_not_kept_out_by_a_strangers_guesses(ana: str) -> None:
    browser = Client()
    assert sign_in(browser, ana, PASSWORD).status_code == 302
    guess(ana)
    assert sign_in(browser, ana, PASSWORD).status_code == 302


def test_a_known_browser_has_only_so_many_tries_itself(ana: str) -> None:
    browser = Client()
    sign_in(browser, ana, PASSWORD)
    for number in range(TRIES):
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


def test_without_redis_people_can_sign_in(ana: str) -> None:
    throttle.sliding_window.cache_clear()
    with override_settings(REDIS_URL="unix:///nowhere/redis.sock"):
        assert sign_in(Client(), ana, PASSWORD).status_code == 302
