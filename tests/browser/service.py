"""The real service in a sandbox, for browsers: web processes on the tests' database, and both stand-ins."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings

import sandbox.bling
import sandbox.shopify
from tests.support.database import address
from tests.support.web import running_web


@dataclass(frozen=True)
class Service:
    """The service's address, and the stand-ins that it calls."""

    url: str
    shopify: sandbox.shopify.RunningStandIn
    bling: sandbox.bling.RunningStandIn


@contextmanager
def running_service(**environment: str) -> Iterator[Service]:
    """Run web and stand-ins, which know each other's addresses, and leave nothing behind. No worker runs."""
    shopify_app = settings.SHOPIFY_API_KEY, settings.SHOPIFY_API_SECRET
    bling_app = settings.BLING_CLIENT_ID, settings.BLING_CLIENT_SECRET
    with sandbox.shopify.serve(*shopify_app) as shopify, sandbox.bling.serve(*bling_app) as bling:
        addresses = {
            "SANDBOX": "1",
            "DATABASE_URL": address(),
            "SHOPIFY_ADMIN_URL": shopify.admin_url,
            "BLING_API_URL": bling.api_url,
            "BLING_AUTHORIZE_URL": bling.authorize_url,
        }
        with running_web(**addresses | environment) as web:
            url = f"http://127.0.0.1:{web.port}"
            shopify.control.post("app", webhooks_url=f"{url}/shopify/webhooks", proxy_url=f"{url}/proxy")
            bling.control.post("app", callback_url=f"{url}/bling/callback", webhooks_url=f"{url}/bling/webhooks")
            yield Service(url, shopify, bling)
