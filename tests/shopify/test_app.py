"""What the app tells Shopify of itself, held against what the service does."""

import tomllib
from pathlib import Path

from reservations.shopify import app

TOML = tomllib.loads((Path(__file__).parents[2] / "shopify.app.toml").read_text("utf-8"))


def test_the_app_asks_for_the_scopes_that_it_uses_and_no_others() -> None:
    assert tuple(TOML["access_scopes"]["scopes"].split(",")) == app.SCOPES


def test_webhooks_come_in_the_version_that_the_client_speaks() -> None:
    assert TOML["webhooks"]["api_version"] == app.API_VERSION


def test_no_personal_data_is_asked_for_in_what_shopify_sends_of_orders() -> None:
    asked = {field for sub in TOML["webhooks"]["subscriptions"] for field in sub.get("include_fields", ())}
    personal = ("email", "phone", "customer", "address", "name_", "billing", "shipping")
    assert not [field for field in asked if field.startswith(personal)]
