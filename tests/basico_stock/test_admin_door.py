"""The admin can be reached from the networks that the operator names, and its pages load nothing from elsewhere."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client, override_settings
from django.utils import timezone
from pytest_django import Settings

from basico_stock.admin_door import POLICY
from basico_stock.checks.admin_networks import networks_of_the_admin_are_networks
from tests.process.machines import manage, production

pytestmark = pytest.mark.django_db


def reached_from(address: str, path: str = "/admin/login/") -> Any:
    return Client().get(path, REMOTE_ADDR=address)


@pytest.mark.parametrize("path", ["/admin", "/admin/", "/admin/login/", "/admin/second-factor/", "/admin/nothing"])
def test_a_shut_door_looks_like_an_address_that_is_not_there(settings: Settings, path: str) -> None:
    settings.ADMIN_NETWORKS = []
    answer = reached_from("127.0.0.1", path)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert not answer.cookies


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("203.0.113.9", 200),
        ("203.0.114.9", 404),
        ("::ffff:203.0.113.9", 200),
        ("2001:db8:1:2::7", 200),
        ("2001:db8:1:3::7", 404),
        ("", 404),
        ("nobody", 404),
    ],
)
def test_who_comes_from_a_named_network_finds_the_door(settings: Settings, address: str, status: int) -> None:
    settings.ADMIN_NETWORKS = ["203.0.113.0/24", "2001:db8:1:2::/64"]
    assert reached_from(address).status_code == status


def test_all_is_everywhere_whether_or_not_the_address_can_be_read(settings: Settings) -> None:
    settings.ADMIN_NETWORKS = ["all"]
    assert [reached_from(address).status_code for address in ("203.0.113.9", "nobody")] == [200, 200]


def test_a_header_that_the_caller_wrote_opens_nothing(settings: Settings) -> None:
    settings.ADMIN_NETWORKS = ["203.0.113.0/24"]
    headers = {"X-Forwarded-For": "203.0.113.9", "X-Real-IP": "203.0.113.9", "Forwarded": "for=203.0.113.9"}
    assert Client().get("/admin/login/", REMOTE_ADDR="198.51.100.1", headers=headers).status_code == 404


def test_the_rest_of_the_service_has_no_such_door(settings: Settings) -> None:
    settings.ADMIN_NETWORKS = []
    assert reached_from("198.51.100.1", "/healthz").status_code == 200


def test_production_is_shut_until_it_is_opened_and_its_sessions_last_a_working_day() -> None:
    shown = manage("diffsettings", environment=production()).stdout
    assert "ADMIN_NETWORKS = []" in shown
    assert "SECOND_FACTOR_REQUIRED = True" in shown
    assert "SESSION_COOKIE_AGE = 36000" in shown
    assert "SESSION_EXPIRE_AT_BROWSER_CLOSE = True" in shown


@override_settings(SESSION_COOKIE_AGE=36_000, SESSION_EXPIRE_AT_BROWSER_CLOSE=True)
def test_work_does_not_make_a_session_longer() -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("ana"))
    stored = Session.objects.get().expire_date
    answer: Any = client.post("/admin/where/", {"q": "x"})
    assert not answer.cookies.get("sessionid")
    assert Session.objects.get().expire_date == stored
    assert timedelta(hours=9) < stored - timezone.now() < timedelta(hours=11)


@pytest.mark.parametrize("path", ["/admin/", "/admin/login/", "/admin/nothing/", "/admin/reservations/shop/"])
def test_every_answer_of_the_admin_names_what_it_may_load(path: str) -> None:
    assert reached_from("127.0.0.1", path)["Content-Security-Policy"] == POLICY
    assert "unsafe" not in POLICY


@pytest.mark.parametrize(
    ("text", "is_refused"),
    [
        ("203.0.113.0/24", False),
        ("2001:db8:1:2::/64", False),
        ("all", False),
        ("office", True),
        ("2001:db8::7/128", True),
    ],
)
def test_a_network_that_cannot_be_read_is_refused_at_the_start(settings: Settings, text: str, is_refused: bool) -> None:
    settings.ADMIN_NETWORKS = [text]
    mistakes = [str(mistake.msg) for mistake in networks_of_the_admin_are_networks()]
    assert [text in mistake for mistake in mistakes] == [True] * is_refused
