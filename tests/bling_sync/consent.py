"""The merchant's browser on the way to Bling: it opens our page, says yes, and comes back."""

import re

import requests

from tests.support.patience import PATIENCE_SECONDS

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


def open_and_agree(browser: requests.Session, address: str) -> requests.Response:
    """Open a connect link and press its button; the page on which Bling's redirect ends."""
    asked = browser.get(address, timeout=PATIENCE_SECONDS)
    assert asked.status_code == 200, asked.text
    found = _TOKEN.search(asked.text)
    assert found, asked.text
    return browser.post(address, data={"csrfmiddlewaretoken": found[1]}, timeout=PATIENCE_SECONDS)
