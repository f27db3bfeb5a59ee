"""Secrets that the tests send, and a run that fails when a log line shows one.

Each credential of each request of a test is a canary, and so are the secrets of the settings. Every line that any
logger writes in the tests' own process goes through the product's formatter here, and so does what their servers
print (`tests/support/web.py`). A test fails when a line showed one.
"""

import logging
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.conf import settings
from django.test.client import RequestFactory

from basico_stock.logs import OneLineFormatter

# Shorter ones turn up by chance.
_SHORTEST = 16
# What attacks put where a credential belongs.
_NO_SECRET = ".myshopify.com"
_HEADERS = {"authorization", "cookie", "x-shopify-hmac-sha256", "x-bling-signature-256", "x-shopify-access-token"}
_PARAMETERS = re.compile(r"[?&](?:id_token|signature|hmac|code|state|link|key|session)=([^&#]+)")


class Canaries(logging.Handler):
    """Listens to every logger, and knows which texts are nobody's business."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(OneLineFormatter("%(levelname)s %(name)s %(message)s"))
        self.planted: set[str] = set()
        self.seen: list[str] = []

    def plant(self, *secrets: str) -> None:
        """Until the test ends no log line may show one of these."""
        self.planted.update(
            secret for secret in secrets if len(secret) >= _SHORTEST and not secret.endswith(_NO_SECRET)
        )

    def emit(self, record: logging.LogRecord) -> None:
        """Look at a line as the product would write it."""
        self.look_at(self.format(record))

    def look_at(self, text: str) -> None:
        """Remember a text that shows a secret, with the secret."""
        standing = {settings.SECRET_KEY, *settings.ENCRYPTION_KEYS, settings.SHOPIFY_API_SECRET}
        known = {*self.planted, *(secret for secret in standing if len(secret) >= _SHORTEST)}
        self.seen += [f"{secret!r} in {text!r}" for secret in known if secret in text]


canaries = Canaries()


def credentials(path: str, headers: Mapping[str, Any]) -> Iterator[str]:
    """The secrets of one request, each by itself: a scheme or a cookie's name is none."""
    yield from _PARAMETERS.findall(path)
    for name, value in headers.items():
        if name.lower() in _HEADERS:
            yield from re.split(r"[ ;]|=(?=[^=])", str(value))


class CanaryWatch:
    """A plugin of the run: plants what requests carry, and listens while a test runs."""

    @pytest.fixture(scope="session", autouse=True)
    @classmethod
    def each_request_plants_its_credentials(cls) -> Iterator[None]:
        """Django's test client plants the credentials of whatever it sends."""
        original = RequestFactory.generic

        def generic(self: RequestFactory, method: str, path: str, *arguments: Any, **more: Any) -> Any:
            canaries.plant(*credentials(str(path), more.get("headers") or {}))
            return original(self, method, path, *arguments, **more)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(RequestFactory, "generic", generic)
            yield

    @pytest.fixture(autouse=True)
    def no_log_line_shows_a_canary(self) -> Iterator[None]:
        """Listen while a test runs; it fails when a line showed a secret."""
        logging.getLogger().addHandler(canaries)
        yield
        logging.getLogger().removeHandler(canaries)
        seen, canaries.seen = canaries.seen, []
        canaries.planted.clear()
        assert seen == [], "a log line shows a secret"
