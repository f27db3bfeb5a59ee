"""Receiving: 401 before anything else, one row, an empty 200."""

import hashlib
from pathlib import Path

import orjson
import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from reservations.models import WebhookDelivery
from tests.factories import make_shop
from tests.shopify.signing import body_signature
from tests.shopify.webhooks.deliveries import URL, send, statuses

pytestmark = pytest.mark.django_db(transaction=True)

BODY = b'{"id":1}'
ADDRESSES = [URL, URL + "/"]


@pytest.mark.parametrize("url", ADDRESSES)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"])
def test_an_unsigned_request_is_401_whatever_its_method(url: str, method: str) -> None:
    for headers in ({}, {"X-Shopify-Topic": "shop/redact"}):
        response = Client().generic(method, url, BODY, content_type="application/json", headers=headers)
        assert response.status_code == 401


@pytest.mark.parametrize(
    "signature",
    ["", " ", "AAAA", "não é base64", "\xff", "A" * 10_000, "0" * 64, hashlib.sha256(BODY).hexdigest()],
)
@pytest.mark.parametrize("family", ["X-Shopify-", "Shopify-"])
def test_a_bad_signature_is_401_and_leaves_nothing(signature: str, family: str) -> None:
    shop = make_shop()
    assert send(shop, "orders/create", BODY, signature=signature, family=family).status_code == 401
    assert statuses(shop) == []


@pytest.mark.parametrize("topic", ["customers/data_request", "customers/redact", "shop/redact", "no/such_topic", ""])
def test_no_topic_is_an_exception_to_401(topic: str) -> None:
    assert send(make_shop(), topic, BODY, signature=body_signature(b"{}")).status_code == 401


def test_the_signature_is_over_the_bytes_as_they_came_and_not_over_their_json() -> None:
    shop = make_shop()
    spaced = b'{ "id" : 1,\n "name" : "\\u00e1" }'
    assert send(shop, "orders/create", spaced).status_code == 200
    again = orjson.dumps(orjson.loads(spaced))
    assert send(shop, "orders/create", again, signature=body_signature(spaced)).status_code == 401


@pytest.mark.parametrize("url", ADDRESSES)
@pytest.mark.parametrize("family", ["X-Shopify-", "Shopify-", "x-shopify-"])
def test_a_signed_delivery_is_kept_and_answered_with_nothing(url: str, family: str, nudges: list[int]) -> None:
    shop = make_shop()
    response = send(shop, "orders/create", {"id": 1}, url=url, family=family)
    assert (response.status_code, response.content) == (200, b"")
    assert statuses(shop) == ["pending"]
    assert nudges == [shop.pk]


def test_a_signed_request_that_is_no_post_is_405() -> None:
    assert send(make_shop(), "orders/create", b"", method="GET").status_code == 405


def test_both_secrets_count_while_one_is_rotated(settings: Settings) -> None:
    shop, old = make_shop(), settings.SHOPIFY_API_SECRET
    settings.SHOPIFY_API_SECRET, settings.SHOPIFY_API_SECRET_PREVIOUS = "the-new-secret-0123456789", old
    assert send(shop, "orders/create", BODY, signature=body_signature(BODY, old)).status_code == 200
    assert send(shop, "orders/create", BODY).status_code == 200
    settings.SHOPIFY_API_SECRET_PREVIOUS = ""
    assert send(shop, "orders/create", BODY, signature=body_signature(BODY, old)).status_code == 401


def test_a_delivery_is_one_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    shop = make_shop()
    send(shop, "orders/create", {"id": 1})
    with django_assert_num_queries(1):
        send(shop, "orders/create", {"id": 2})


def test_the_same_delivery_again_is_one_row(nudges: list[int]) -> None:
    shop = make_shop()
    for _ in range(3):
        assert send(shop, "orders/create", {"id": 1}, webhook_id="w-1").status_code == 200
    assert statuses(shop) == ["pending"]
    assert nudges == [shop.pk]


def test_two_shops_may_have_a_delivery_of_the_same_name() -> None:
    ana, beto = make_shop(), make_shop()
    for shop in (ana, beto):
        send(shop, "orders/create", {"id": 1}, webhook_id="w-1")
    assert statuses(ana) == statuses(beto) == ["pending"]


def test_another_body_under_a_known_name_is_counted_and_never_kept() -> None:
    shop = make_shop()
    send(shop, "orders/create", {"id": 1}, webhook_id="w-1")
    assert send(shop, "orders/create", {"id": 2}, webhook_id="w-1").status_code == 200
    row = WebhookDelivery.objects.get(shop=shop)
    assert (row.payload, row.conflicts) == ({"id": 1}, 1)


def test_a_body_that_names_another_shop_than_the_header_is_refused() -> None:
    ana, beto = make_shop(), make_shop()
    for topic, member in (("app/uninstalled", "myshopify_domain"), ("shop/redact", "shop_domain")):
        assert send(beto, topic, {member: ana.domain}).status_code == 401
    assert statuses(ana) == statuses(beto) == []


@pytest.mark.parametrize("named", ["", "evil.com", "SHOP.", "SHOP.evil.com", "SHOP\n"])
def test_a_body_that_names_what_is_no_shop_is_refused_too(named: str) -> None:
    shop = make_shop()
    body = {"shop_domain": named.replace("SHOP", shop.domain)}
    assert send(shop, "customers/redact", body).status_code == 401
    assert not WebhookDelivery.objects.exists()


def test_a_topic_longer_than_any_is_a_bad_request_and_no_outage() -> None:
    assert send(make_shop(), "x" * 101, {"id": 1}).status_code == 400


def test_a_shop_that_nobody_knows_is_answered_and_forgotten() -> None:
    assert send("nobody.myshopify.com", "shop/redact", {"shop_domain": "nobody.myshopify.com"}).status_code == 200
    assert not WebhookDelivery.objects.exists()


@pytest.mark.parametrize("domain", ["", "evil.com", "a.myshopify.com.evil.com"])
def test_a_delivery_without_a_shop_is_a_bad_request(domain: str) -> None:
    assert send(domain, "orders/create", {"id": 1}).status_code == 400


def test_personal_data_is_never_stored() -> None:
    shop = make_shop()
    payload = {
        "id": 1,
        "email": "ana@example.com",
        "customer": {"first_name": "Ana"},
        "shipping_address": {"address1": "Rua A"},
        "note_attributes": [{"name": "_bazico_cart", "value": "x"}, {"name": "gift for", "value": "Beto"}],
        "line_items": [{"id": 1, "sku": "A", "quantity": 1, "properties": [{"name": "engraving", "value": "Ana"}]}],
    }
    send(shop, "orders/create", payload)
    row = WebhookDelivery.objects.get(shop=shop)
    assert row.payload == {
        "id": 1,
        "note_attributes": {"_bazico_cart": "x"},
        "line_items": [{"id": 1, "sku": "A", "quantity": 1, "properties": {}}],
    }


@pytest.mark.parametrize("topic", ["carts/create", "carts/update", "orders/create"])
def test_the_secret_part_of_a_cart_token_is_never_stored(topic: str) -> None:
    shop = make_shop()
    send(shop, topic, {"id": "Z2NwLXVz?key=s3cret", "token": "Z2NwLXVz?key=s3cret", "cart_token": "Z?key=s3cret"})
    assert "s3cret" not in str(WebhookDelivery.objects.get(shop=shop).payload)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"1",
        b'"text"',
        b"{",
        b"\xff",
        b'{"id": NaN}',
        b"[" * 5_000,
        b'{"a":' * 5_000,
        b"\xef\xbb\xbf{}",
    ],
)
def test_a_signed_body_that_is_no_json_object_is_parked_with_its_reason(body: bytes) -> None:
    shop = make_shop()
    assert send(shop, "orders/create", body).status_code == 200
    row = WebhookDelivery.objects.get(shop=shop)
    assert (row.status, row.payload) == ("parked", None)
    assert "JSON" in row.error


def test_odd_text_in_a_payload_is_kept_as_far_as_the_database_can() -> None:
    shop = make_shop()
    odd = b'{"id":1,"name":"a\\u0000b","line_items":[{"id":99999999999999999999,"sku":"' + b"x" * 5_000 + b'"}]}'
    assert send(shop, "orders/create", odd).status_code == 200
    assert statuses(shop) == ["pending"]


def test_a_body_of_several_megabytes_is_kept() -> None:
    shop = make_shop()
    big = {"id": 1, "variants": [{"id": n, "sku": f"SKU-{n}", "body": "x" * 1_000} for n in range(4_000)]}
    assert send(shop, "products/update", big).status_code == 200
    assert statuses(shop) == ["pending"]


def test_every_topic_of_the_app_has_a_handler_and_a_list_of_what_is_kept() -> None:
    import tomllib

    from reservations.shopify.webhooks.kept_members import SPECS
    from reservations.shopify.webhooks.topics import HANDLERS

    app = tomllib.loads((Path(__file__).parents[3] / "shopify.app.toml").read_text("utf-8"))
    wanted: set[str] = set()
    for subscription in app["webhooks"]["subscriptions"]:
        wanted |= {*subscription.get("topics", ()), *subscription.get("compliance_topics", ())}
    assert wanted == set(HANDLERS) == set(SPECS)
