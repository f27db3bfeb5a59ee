"""In production a password alone opens nothing: staff prove a second factor, set up at their first sign-in."""

import re
import time
from base64 import b32decode
from io import StringIO
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.test import Client
from django_otp.oath import totp
from pytest_django import Settings

from plumbing import key_rotation
from staff import second_factor
from staff.limits import CODES, PASSWORDS
from staff.models import AuthenticatorApp, RecoveryCode
from tests.admin.staff import text_of

pytestmark = pytest.mark.django_db
PASSWORD = "a long and good password"
ADMIN, LIST = "/admin/", "/admin/reservations/stockitem/"
PROVE, SET_UP = "/admin/second-factor/", "/admin/second-factor/set-up/"


@pytest.fixture(autouse=True)
def _production(settings: Settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def ana() -> User:
    return User.objects.create_superuser("ana", password=PASSWORD)


def with_password(client: Client | None = None, address: str = "127.0.0.1", **sent: str) -> Client:
    """A browser whose owner has typed name and password."""
    browser = client or Client(headers={"accept-language": "en"})
    browser.post("/admin/login/", {"username": "ana", "password": PASSWORD, **sent}, REMOTE_ADDR=address)
    return browser


def code_of(key: str, steps: int = 0) -> str:
    """What an app with this secret shows, so many times thirty seconds from now."""
    return f"{totp(b32decode(key), drift=steps):06d}"


def set_up(user: User) -> tuple[str, list[str]]:
    """The secret of a person's app that showed a code a minute ago, and the recovery codes."""
    key = second_factor.new_key()
    codes = second_factor.set_up(user, key, code_of(key, -1))
    assert codes
    return key, codes


def is_in(browser: Client) -> bool:
    return browser.get(LIST).status_code == 200


def test_the_first_sign_in_leads_to_setting_up_an_app_and_then_in(ana: User) -> None:
    browser = with_password()
    shown: Any = browser.get(LIST, follow=True)
    assert shown.request["PATH_INFO"] == SET_UP
    page = text_of(shown)
    assert 'src="data:image/svg+xml' in page
    key = re.findall(r"bazico-key\">([A-Z2-7 ]+)<", page)[0].replace(" ", "")
    answer = browser.post(SET_UP, {"code": code_of(key), "next": LIST})
    codes = re.findall(r"<code>([a-z2-7-]{29})</code>", text_of(answer))
    assert len(set(codes)) == 8
    assert "no-store" in answer["Cache-Control"]
    assert f'href="{LIST}"' in answer.content.decode()
    assert is_in(browser)


def test_secrets_and_codes_are_stored_as_nobody_can_read_them(ana: User) -> None:
    key, codes = set_up(ana)
    app = AuthenticatorApp.objects.get()
    assert key not in app.sealed_key
    assert app.key == key
    stored = [code.digest for code in RecoveryCode.objects.all()]
    assert not {code.replace("-", "") for code in codes} & set(stored)
    with_password().get(SET_UP)
    assert "otpauth" not in str([session.get_decoded() for session in Session.objects.all()])
    assert (AuthenticatorApp, "sealed_key") in {(known.model, known.name) for known in key_rotation.registered()}


def test_a_rotation_of_keys_reaches_the_secrets_of_staff(ana: User, settings: Settings) -> None:
    key, _ = set_up(ana)
    new = Fernet.generate_key().decode()
    settings.ENCRYPTION_KEYS = [new, *settings.ENCRYPTION_KEYS]
    key_rotation.rotate()
    settings.ENCRYPTION_KEYS = [new]
    assert AuthenticatorApp.objects.get().key == key


@pytest.mark.parametrize("address", [ADMIN, LIST, "/admin/password_change/", "/admin/where/?q=x", "/admin/jsi18n/"])
def test_a_password_alone_opens_no_page(ana: User, address: str) -> None:
    set_up(ana)
    browser = with_password()
    shown: Any = browser.get(address, follow=True)
    assert shown.request["PATH_INFO"] == PROVE
    assert browser.post(address, {}).status_code == 302


def test_a_password_alone_begins_no_connection_with_bling(ana: User) -> None:
    set_up(ana)
    assert with_password().get("/bling/connect?shop=x.myshopify.com").status_code == 403


def test_the_right_code_opens_the_admin_where_one_wanted_to_go(ana: User) -> None:
    key, _ = set_up(ana)
    browser = with_password(next=LIST)
    answer = browser.post(PROVE, {"code": f" {code_of(key)[:3]} {code_of(key)[3:]} ", "next": LIST})
    assert (answer.status_code, answer["Location"]) == (302, LIST)
    assert is_in(browser)


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_no_address_leads_out_of_this_host(ana: User, elsewhere: str) -> None:
    key, _ = set_up(ana)
    answer = with_password().post(PROVE, {"code": code_of(key), "next": elsewhere})
    assert answer["Location"] == ADMIN


@pytest.mark.parametrize("steps", [-3, 3])
def test_a_code_of_another_minute_opens_nothing(ana: User, steps: int) -> None:
    key, _ = set_up(ana)
    browser = with_password()
    assert "not right" in text_of(browser.post(PROVE, {"code": code_of(key, steps)}))
    assert not is_in(browser)


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "\0", "9" * 41])
def test_what_is_no_code_opens_nothing(ana: User, code: str) -> None:
    set_up(ana)
    browser = with_password()
    assert browser.post(PROVE, {"code": code}).status_code == 200
    assert not is_in(browser)


def test_a_code_counts_once(ana: User) -> None:
    key, _ = set_up(ana)
    assert with_password().post(PROVE, {"code": code_of(key)}).status_code == 302
    assert with_password().post(PROVE, {"code": code_of(key)}).status_code == 200


def test_a_recovery_code_counts_once_and_the_person_hears_how_many_are_left(ana: User) -> None:
    _, codes = set_up(ana)
    browser = with_password()
    assert "7 recovery codes are left" in text_of(browser.post(PROVE, {"code": codes[0].upper()}, follow=True))
    assert is_in(browser)
    assert with_password().post(PROVE, {"code": codes[0]}).status_code == 200


def test_nobodys_app_opens_for_another(ana: User) -> None:
    key, codes = set_up(User.objects.create_superuser("beto"))
    set_up(ana)
    browser = with_password()
    for code in (code_of(key), codes[0]):
        browser.post(PROVE, {"code": code})
    assert not is_in(browser)


def test_wrong_codes_are_few_and_a_recovery_code_still_opens(ana: User) -> None:
    key, codes = set_up(ana)
    for _ in range(CODES):
        with_password().post(PROVE, {"code": "000000"})
    browser = with_password()
    assert "Too many tries" in text_of(browser.post(PROVE, {"code": code_of(key)}))
    assert browser.post(PROVE, {"code": codes[0]}).status_code == 302


def test_who_has_an_app_cannot_be_given_another_with_the_password_alone(ana: User) -> None:
    browser = with_password()
    page = text_of(browser.get(SET_UP))
    set_up(ana)
    key = re.findall(r"bazico-key\">([A-Z2-7 ]+)<", page)[0].replace(" ", "")
    answer: Any = browser.post(SET_UP, {"code": code_of(key)}, follow=True)
    assert answer.request["PATH_INFO"] == PROVE
    assert not is_in(browser)


def test_while_strangers_guess_at_a_name_password_and_code_together_open_a_new_browser(ana: User) -> None:
    key, _ = set_up(ana)
    for number in range(PASSWORDS):
        Client().post("/admin/login/", {"username": "ana", "password": "x"}, REMOTE_ADDR=f"203.0.113.{number}")
    kept_out = with_password()
    assert "Add the code" in text_of(kept_out.post("/admin/login/", {"username": "ana", "password": PASSWORD}))
    assert is_in(with_password(address="198.51.100.1", code=code_of(key)))


def test_before_it_is_set_up_a_session_of_a_password_ends_where_it_began(ana: User) -> None:
    browser = with_password()
    browser.post("/admin/logout/")
    shown: Any = browser.get(ADMIN, follow=True)
    assert shown.request["PATH_INFO"] == "/admin/login/"


def test_a_reset_closes_open_sessions_and_lets_the_person_set_up_anew(ana: User) -> None:
    key, _ = set_up(ana)
    browser = with_password()
    browser.post(PROVE, {"code": code_of(key)})
    said = StringIO()
    call_command("reset_second_factor", "ana", stdout=said)
    assert "sets up a new second factor" in said.getvalue()
    shown: Any = browser.get(LIST, follow=True)
    assert shown.request["PATH_INFO"] == SET_UP
    assert not RecoveryCode.objects.exists()
    for name in ("ana", "nobody"):
        with pytest.raises(CommandError):
            call_command("reset_second_factor", name)


def test_a_laptop_asks_for_no_second_factor(ana: User, settings: Settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    assert is_in(with_password())


def test_strangers_and_people_without_the_admin_see_no_step_of_it(ana: User) -> None:
    shopper = Client()
    shopper.force_login(User.objects.create_user("dora"))
    for browser in (Client(), shopper):
        for page in (PROVE, SET_UP):
            assert browser.get(page)["Location"].startswith("/admin/login/")


def test_the_code_of_this_moment_is_what_the_standard_says() -> None:
    # RFC 6238, appendix B: the last six digits at 59 s.
    assert totp(b"12345678901234567890", t0=int(time.time()) - 59) == 287082
