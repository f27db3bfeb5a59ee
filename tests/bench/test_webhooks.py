"""The load of webhooks: it sends what Shopify sends, and reports the waiting times truly."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.conf import settings
from django.test import Client

from bench.webhooks import Request, at, delivery, load
from reservations.models import WebhookDelivery
from tests.factories import make_shop


@pytest.mark.django_db
def test_a_delivery_of_the_load_is_believed_and_kept() -> None:
    shop = make_shop()
    for number in range(2):
        request = delivery(shop.domain, settings.SHOPIFY_API_SECRET, number)
        answer = Client().generic(request.method, request.path, request.body, headers=request.headers)
        assert answer.status_code == 200
    assert WebhookDelivery.objects.filter(shop=shop, topic="carts/update").count() == 2


def test_a_share_of_the_values_is_read_from_their_order() -> None:
    values = [float(value) for value in range(100, 0, -1)]
    assert [at(values, share) for share in (0.5, 0.99, 1.0)] == [50.0, 99.0, 100.0]
    assert at([7.0], 0.5) == 7.0


class _Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/good" else 503)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_every_request_is_waited_for_and_a_refusal_ends_the_run() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Answering) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        good, bad = (Request("GET", path, b"", {}) for path in ("/good", "/bad"))
        waited = load(server.server_port, [good] * 40, 400)
        assert len(waited) == 40 and all(value > 0 for value in waited)
        with pytest.raises(SystemExit, match="of 40"):
            load(server.server_port, [good] * 39 + [bad], 400)
        server.shutdown()
