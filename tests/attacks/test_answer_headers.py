"""What every answer says besides its words, whoever asks and however it ends."""

from typing import Any

import pytest
from django.test import Client

from tests.attacks.addresses import all_addresses, filled_in
from tests.attacks.owner import Owner
from tests.attacks.tally import Tally

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
]
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")


def test_every_answer_forbids_guessing_its_type_and_telling_its_address(tally: Tally) -> None:
    names = Owner().names
    client: Any = Client(raise_request_exception=False)
    for address in [*(filled_in(pattern, names) for pattern in all_addresses()), "/admin/", "/nowhere", "/static/none"]:
        for method in METHODS:
            answer = client.generic(method, address)
            tally.heard(answer.status_code)
            # Not ready, for no worker runs beside this test.
            assert answer.status_code < 500 or address == "/readyz", (method, address)
            assert answer["X-Content-Type-Options"] == "nosniff", (method, address)
            assert answer["Referrer-Policy"] in {"same-origin", "no-referrer", "origin"}, (method, address)
            assert not answer.content or answer.get("Content-Type"), (method, address)
            assert not answer.cookies or address.startswith("/admin"), (method, address)
