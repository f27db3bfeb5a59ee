"""The app proxy: a shopper's request, signed as Shopify signs it."""

import json
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from sandbox.shopify.proxy import signature
from tests.sandbox.receiver import Receiver, receiver
from tests.sandbox.shopify.client import CLIENT, Client
from tests.support.patience import PATIENCE_SECONDS

# Published examples; the secret of both is "hush".
VECTORS = {
    "extra=1&extra=2&shop=shop-name.myshopify.com&logged_in_customer_id=1&path_prefix=%2Fapps%2Fawesome_reviews"
    "&timestamp=1317327555": "4c68c8624d737112c91818c11017d24d334b524cb5c2b8ba08daa056f7395ddb",
    "extra=1&extra=2&shop=shop-name.myshopify.com&logged_in_customer_id=&path_prefix=%2Fapps%2Fawesome_reviews"
    "&timestamp=1317327555": "e072b6d7e6622d85912a5214b860d3100dc1e73d9bc29f43796ac8c9ff8093cb",
}


@pytest.fixture
def upstream(client: Client) -> Iterator[Receiver]:
    """The server behind the app proxy."""
    with receiver() as mine:
        client.serving.control.post("app", proxy_url=f"{mine.url}/proxy")
        yield mine


@pytest.mark.parametrize("query", VECTORS)
def test_the_signature_is_that_of_the_published_examples(query: str) -> None:
    assert signature("hush", parse_qs(query, keep_blank_values=True)) == VECTORS[query]


def test_a_shoppers_request_arrives_signed_with_what_shopify_adds(client: Client, upstream: Receiver) -> None:
    answer = client.order("proxy", path="/stock/A/reserve", query={"extra": ["1", "2"]}, body='{"quantity": 1}')
    assert answer["status"] == 200
    (request,) = upstream.requests
    assert (request.method, request.path) == ("POST", "/proxy/stock/A/reserve")
    assert json.loads(request.body) == {"quantity": 1}
    query = dict(request.query)
    (given,) = query.pop("signature")
    assert set(query) == {"extra", "shop", "logged_in_customer_id", "path_prefix", "timestamp"}
    assert (query["extra"], query["logged_in_customer_id"]) == (["1", "2"], [""])
    assert given == signature(CLIENT[1], query)


def test_the_shoppers_address_is_passed_on_and_cookies_are_not(client: Client, upstream: Receiver) -> None:
    url = f"{client.base}/apps/bazico-stock/stock/A?x=1"
    headers = {"Cookie": "cart=secret", "X-Forwarded-For": "198.51.100.9"}
    answer = requests.get(url, headers=headers, timeout=PATIENCE_SECONDS)
    (request,) = upstream.requests
    assert request.headers["x-forwarded-for"] == "198.51.100.9"
    assert request.headers["x-forwarded-host"] == client.shop
    assert "cookie" not in request.headers
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["X-Own"] == "kept"


def test_errors_of_the_app_pass_through(client: Client, upstream: Receiver) -> None:
    upstream.statuses = [409]
    assert client.order("proxy", path="/stock/A/reserve")["status"] == 409


def test_a_signed_query_can_be_made_without_sending_it(client: Client) -> None:
    text = client.order("proxy/sign", query={"a": ["b"]}, more={"timestamp": "1", "shop": "x.myshopify.com"})["query"]
    query = parse_qs(urlsplit(f"?{text}").query, keep_blank_values=True)
    (given,) = query.pop("signature")
    assert (query["timestamp"], query["shop"]) == (["1"], ["x.myshopify.com"])
    assert given == signature(CLIENT[1], query)
