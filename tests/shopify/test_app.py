"""What the app tells Shopify about itself is what the service does."""

import tomllib
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from basico_stock.beat import SCHEDULE
from reservations.shopify.access import app

ROOT = Path(__file__).parents[2]
TOML = tomllib.loads((ROOT / "shopify.app.toml").read_text("utf-8"))
PAGE = (ROOT / "docs" / "shopify.md").read_text("utf-8")


def test_the_app_asks_for_the_scopes_that_it_uses_and_no_others() -> None:
    assert tuple(TOML["access_scopes"]["scopes"].split(",")) == app.SCOPES


def test_webhooks_come_in_the_version_that_the_client_speaks() -> None:
    assert TOML["webhooks"]["api_version"] == app.API_VERSION


def test_no_personal_data_is_asked_for_in_what_shopify_sends_of_orders() -> None:
    asked = {field for sub in TOML["webhooks"]["subscriptions"] for field in sub.get("include_fields", ())}
    personal = ("email", "phone", "customer", "address", "name_", "billing", "shipping")
    assert not [field for field in asked if field.startswith(personal)]


def test_every_job_of_shopify_is_on_the_page_with_its_schedule() -> None:
    jobs = {name: job for name, job in SCHEDULE.items() if job["task"].startswith("reservations.shopify.")}
    below = PAGE.split("## Jobs\n")[1].split("\n## ")[0]
    rows = {row.split("|")[1].strip(): row.split("|")[2].strip() for row in below.splitlines() if row.startswith("| ")}
    assert rows.keys() - {"job"} == jobs.keys()
    for name, job in jobs.items():
        if isinstance(job["schedule"], timedelta):
            assert rows[name] == f"every {job['schedule'].total_seconds():g} s"


@pytest.mark.parametrize(
    "template", ["http://127.0.0.1:9/{shop}", "http://127.0.0.1:9/{shop}/", "http://127.0.0.1:9/x"]
)
def test_another_stand_in_may_name_the_shop_in_its_address_or_not(settings: Settings, template: str) -> None:
    settings.SHOPIFY_ADMIN_URL = template
    expected = template.replace("{shop}", "ana-store.myshopify.com").rstrip("/")
    assert app.admin_url("ana-store.myshopify.com") == expected
