"""SANDBOX=0 and somebody else's stand-in: all works by its address alone, without a browser."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from django.conf import settings
from pytest_django import Settings

from basico_stock.environment import REPOSITORY
from bling_sync import shop_work
from bling_sync.models import Push, WebhookEvent
from reservations import engine
from reservations.models import ApiKey
from sandbox.stand_in import Remote
from tests.bling_sync.world import FIRST
from tests.factories import make_shop
from tests.support.patience import PATIENCE_SECONDS, wait_until
from tests.support.terminal import in_a_terminal, output_of, variables_of_this_test
from tests.support.web import running_web

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]

ANSWERS_AT = "answers at "


@contextmanager
def elsewhere(log: Path) -> Iterator[str]:
    """A stand-in in a process of its own: it is ours, but the service knows only its address."""
    variables = {**os.environ, "SANDBOX": "1", "PUBLIC_URL": "http://127.0.0.1:1"}
    with log.open("ab") as output:
        command = [sys.executable, "-m", "sandbox.bling"]
        process = subprocess.Popen(command, cwd=REPOSITORY, env=variables, stdout=output, stderr=output)
    try:
        wait_until(lambda: ANSWERS_AT in log.read_text())
        yield log.read_text().partition(ANSWERS_AT)[2].split(",")[0].strip()
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def buy_over_http(address: str, key: str) -> None:
    """Reserve and pay a unit, as a merchant's own program does."""
    headers = {"Authorization": f"Api-Key {key}"}
    held = requests.post(
        f"{address}/stock/{FIRST}/reserve", json={"quantity": 2}, headers=headers, timeout=PATIENCE_SECONDS
    ).json()
    paid = {"reservation_id": held["reservation_id"], "order_id": "1001"}
    assert (
        requests.post(f"{address}/stock/confirm", json=paid, headers=headers, timeout=PATIENCE_SECONDS).status_code
        == 200
    )


@pytest.fixture
def no_sandbox(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Remote]:
    """The other stand-in, with its addresses in this process's settings and the next one's environment."""
    with elsewhere(tmp_path / "elsewhere.log") as url:
        chosen = {"BLING_API_URL": f"{url}/Api/v3", "BLING_AUTHORIZE_URL": f"{url}/Api/v3/oauth/authorize"}
        for name, value in {"SANDBOX": "0", "DATABASE_POOL_SIZE": "0", **chosen}.items():
            monkeypatch.setenv(name, value)
        settings.SANDBOX = False
        settings.BLING_API_URL, settings.BLING_AUTHORIZE_URL = chosen.values()
        settings.BLING_SETTLE_SECONDS = 0
        yield Remote(url)


def test_connect_import_sale_and_webhook_work_headlessly_against_any_address(no_sandbox: Remote) -> None:
    shop = make_shop()
    _, key = ApiKey.issue(shop)
    with running_web(**variables_of_this_test()) as web:
        address = f"http://127.0.0.1:{web.port}"
        no_sandbox.post("app", callback_url=f"{address}/bling/callback", webhooks_url=f"{address}/bling/webhooks")
        arrived = requests.get(output_of("bling_connect", shop.domain).strip(), timeout=PATIENCE_SECONDS)
        assert (arrived.status_code, arrived.url.split("?")[0]) == (200, f"{address}/bling/callback")
        assert "Imported 2 products" in output_of("bling_import", "--yes", "--shop", shop.domain)
        buy_over_http(address, key)
        assert not shop_work.push(shop.pk)
        wait_until(lambda: WebhookEvent.objects.filter(operation="S", quantity=2).exists())
    assert no_sandbox.get("balances")["balances"][0]["physical"] == 8
    assert "Figures read from Bling: 2." in output_of("bling_reconcile", "--shop", shop.domain)
    assert json.loads(output_of("bling_status", "--json"))["waits"] is False
    assert set(Push.objects.values_list("state", flat=True)) == {"settled"}
    assert engine.stock(shop.pk, FIRST).available == 8


@pytest.mark.parametrize(
    ("api", "consent"),
    [
        ("http://127.0.0.1:1/Api/v3/", "http://127.0.0.1:1/Api/v3/oauth/authorize"),
        ("https://api.bling.com.br/Api/v3", "https://www.bling.com.br/Api/v3/oauth/authorize"),
    ],
)
def test_the_consent_page_is_that_of_the_api_where_only_the_api_has_another_address(
    api: str, consent: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shop = make_shop()
    monkeypatch.delenv("BLING_AUTHORIZE_URL", raising=False)
    secrets = {"SECRET_KEY": settings.SECRET_KEY, "ENCRYPTION_KEYS": ",".join(settings.ENCRYPTION_KEYS)}
    at_home = {"BASICO_HOME": str(tmp_path), "SANDBOX": "0", "BLING_API_URL": api, **secrets}
    told = in_a_terminal("bling_connect", shop.domain, **at_home)
    assert told.stdout.startswith(f"{consent}?response_type=code&"), told.stderr
