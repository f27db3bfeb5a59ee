"""The sandbox's pages serve a browser on this machine, and only their own scripts."""

import os
import subprocess
import sys

import pytest
from django.test import Client
from django.urls import URLPattern
from pytest_django import Settings

from basico_stock.environment import REPOSITORY
from sandbox.pages.urls import urlpatterns

pytestmark = pytest.mark.urls("tests.sandbox.pages_urls")

PLACES = {"name": "polaris.js", "path": "cart.js"}
# Documents, which a browser opens by itself; their scripts ask for all others.
DOCUMENTS = ["", "loja/", "loja/ana/", "loja/ana/cart", "loja/beto/", "loja/beto/cart", "admin/", "bling/"]
FILES = ["static/bazico-keeper.js", "static/bazico-hold.js", "static/polaris.js"]


def address(pattern: URLPattern) -> str:
    """An address that the pattern matches, below `/sandbox/`."""
    found = str(pattern.pattern)
    for kind in ("str", "path"):
        for name, value in PLACES.items():
            found = found.replace(f"<{kind}:{name}>", value)
    return found


ADDRESSES = sorted(address(pattern) for pattern in urlpatterns)


@pytest.mark.parametrize("path", ADDRESSES)
@pytest.mark.parametrize("off", ["SANDBOX", "DEVELOPMENT"])
def test_no_page_answers_outside_a_sandbox(client: Client, settings: Settings, path: str, off: str) -> None:
    setattr(settings, off, False)
    for answer in (client.get(f"/sandbox/{path}"), client.post(f"/sandbox/{path}")):
        assert answer.status_code in (404, 405)


@pytest.mark.parametrize("path", ADDRESSES)
def test_no_page_answers_to_a_name_from_elsewhere(client: Client, path: str) -> None:
    for answer in (client.get(f"/sandbox/{path}", HTTP_HOST="evil.example"), client.post(
        f"/sandbox/{path}", HTTP_HOST="evil.example", HTTP_SEC_FETCH_SITE="same-origin"
    )):  # fmt: skip
        assert answer.status_code in (403, 405)


@pytest.mark.parametrize("path", [path for path in ADDRESSES if path not in DOCUMENTS + FILES])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
    ids=["none", "cross-site", "same-site", "another-origin", "no-origin"],
)
def test_another_sites_script_is_refused(settings: Settings, path: str, headers: dict[str, str]) -> None:
    settings.PUBLIC_URL = "http://testserver"
    client = Client(enforce_csrf_checks=True)
    for answer in (client.get(f"/sandbox/{path}", headers=headers), client.post(f"/sandbox/{path}", headers=headers)):
        assert answer.status_code in (403, 405)


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://testserver"}], ids=str)
def test_a_page_of_the_sandbox_gets_its_token(settings: Settings, headers: dict[str, str]) -> None:
    settings.PUBLIC_URL = "http://testserver"
    answer = Client(enforce_csrf_checks=True).get("/sandbox/admin/session-token", headers=headers)
    assert answer.status_code == 200
    assert answer.json()["token"].count(".") == 2


def test_the_pages_are_not_mounted_without_a_sandbox() -> None:
    program = "import django; django.setup(); from django.urls import resolve; resolve('/sandbox/')"
    values = {**os.environ, "SANDBOX": "0"}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=REPOSITORY, env=values, capture_output=True, text=True, check=False
    )
    assert "Resolver404" in done.stderr


def test_a_file_outside_the_folder_of_assets_is_not_given(settings: Settings) -> None:
    settings.PUBLIC_URL = "http://testserver"
    for name in ("..", "base.html", "..%2Furls.py", "polaris", "nothing.js"):
        assert Client().get(f"/sandbox/static/{name}").status_code == 404
