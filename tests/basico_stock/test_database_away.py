"""While the database does not answer, a page says so: 503, when to come back, and a sentence; never a defect."""

import logging
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.merchant.merchant import Merchant
from tests.support.database import reached_at

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
]
NOWHERE = "/nowhere"
SENTENCE = "O serviço de estoque está temporariamente indisponível"


def test_a_page_for_staff_says_that_it_will_be_back_and_the_log_has_a_line_for_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    client = Client(raise_request_exception=False)
    # Its session is in the database that goes away.
    client.force_login(User.objects.create_superuser("ana"))
    for path in ("/admin/", "/admin/reservations/stockitem/", "/bling/connect?shop=x"):
        caplog.clear()
        with reached_at(NOWHERE), caplog.at_level(logging.WARNING):
            answer: Any = client.get(path)
        assert (answer.status_code, answer["Content-Type"]) == (503, "text/html; charset=utf-8")
        assert int(answer["Retry-After"]) > 0
        page = answer.content.decode()
        assert page.index(SENTENCE) < page.index("The stock service is unavailable")
        lines = [each for each in caplog.records if each.name in ("basico_stock.error_handlers", "django.request")]
        assert [(line.levelname, line.exc_info) for line in lines] == [("WARNING", None)]


def test_a_password_is_not_said_to_be_wrong() -> None:
    with reached_at(NOWHERE):
        sent = {"username": "ana", "password": "x"}
        answer: Any = Client(raise_request_exception=False).post("/admin/login/", sent)
    assert (answer.status_code, SENTENCE in answer.content.decode()) == (503, True)


def test_the_merchants_page_says_it_in_shopifys_frame() -> None:
    merchant = Merchant()
    merchant._client.raise_request_exception = False
    with reached_at(NOWHERE):
        answer = merchant.get("/app/")
    assert (answer.status_code, bool(answer["Retry-After"])) == (503, True)
    assert merchant.shop.domain in answer["Content-Security-Policy"]
    assert SENTENCE in answer.content.decode()
