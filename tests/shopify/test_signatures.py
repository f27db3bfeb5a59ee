"""Signatures: the service believes what Shopify signed, and nothing else."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from reservations.shopify.access import app
from reservations.shopify.access.signatures import (
    body_is_signed,
    proxied_call_is_signed,
    proxy_message,
    query_is_signed,
    query_message,
)
from tests.shopify.signing import body_signature

HUSH = ("hush",)
LINK = (
    "code=a94a110d86d2452eb3e2af4cfb8a3828&shop=some-shop.myshopify.com&timestamp=1337178173"
    "&hmac=2cb1a277650a659f1b11e92a4a64275b128e037f2c3390e3c8fd2d8721dac9e2"
)
PROXIED = (
    "extra=1&extra=2&shop=shop-name.myshopify.com&logged_in_customer_id={customer}"
    "&path_prefix=%2Fapps%2Fawesome_reviews&timestamp=1317327555&signature={signature}"
)
SIGNED_IN = PROXIED.format(customer=1, signature="4c68c8624d737112c91818c11017d24d334b524cb5c2b8ba08daa056f7395ddb")
GUEST = PROXIED.format(customer="", signature="e072b6d7e6622d85912a5214b860d3100dc1e73d9bc29f43796ac8c9ff8093cb")


def test_shopifys_own_examples_are_believed() -> None:
    assert query_is_signed(LINK, HUSH)
    assert proxied_call_is_signed(SIGNED_IN, HUSH)
    assert proxied_call_is_signed(GUEST, HUSH)


@pytest.mark.parametrize("query", [SIGNED_IN, GUEST])
def test_a_proxied_call_with_anything_changed_is_refused(query: str) -> None:
    for changed in (
        query.replace("shop-name", "shop-fame"),
        query.replace("1317327555", "1317327556"),
        query.replace("extra=2", "extra=3"),
        query + "&more=1",
        query + "&shop=evil.myshopify.com",
        query + "&signature=" + "0" * 64,
        query.replace("extra=1&extra=2", "extra=2&extra=1"),
    ):
        assert not proxied_call_is_signed(changed, HUSH)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "signature=",
        "shop=a&timestamp=1&signature=",
        "signature=zz&shop=a&timestamp=1",
        "%ff=1&signature=00",
        "&" * 500,
    ],
)
def test_a_query_that_makes_no_sense_is_no_signed_call(query: str) -> None:
    assert not proxied_call_is_signed(query, HUSH)
    assert not query_is_signed(query, HUSH)


def test_separators_inside_of_names_and_values_are_escaped_before_signing() -> None:
    assert query_message([("a=b", "c&d"), ("e%", "f%"), ("g", "=")]) == b"a%3Db=c%26d&e%25=f%25&g=="
    assert query_message([("ids[]", "1"), ("ids[]", "2")]) == b'ids=["1", "2"]'


def test_the_values_of_a_repeated_parameter_are_joined_by_a_comma() -> None:
    assert proxy_message([("b", "2"), ("a", "x"), ("b", "")]) == b"a=xb=2,"


@given(body=st.binary(), position=st.integers(min_value=0), flip=st.integers(min_value=1, max_value=255))
def test_a_body_with_one_byte_changed_is_refused(body: bytes, position: int, flip: int) -> None:
    signature = body_signature(body)
    assert body_is_signed(body, signature, app.secrets())
    place = position % (len(body) + 1)
    changed = body[:place] + bytes([(body + b"\0")[place] ^ flip]) + body[place + 1 :]
    assert not body_is_signed(changed, signature, app.secrets())


@pytest.mark.parametrize(
    "signature",
    [
        "",
        " ",
        "não",
        "=",
        "AAAA",
        "A" * 10_000,
        "ée" * 22,
        "\udcff",
        body_signature(b"{}") + ", " + body_signature(b"{}"),
    ],
)
def test_a_header_that_is_no_signature_is_refused_without_a_fuss(signature: str) -> None:
    assert not body_is_signed(b"{}", signature, app.secrets())


def test_a_signature_in_hexadecimal_is_refused() -> None:
    assert not body_is_signed(b"{}", base64.b64decode(body_signature(b"{}")).hex(), app.secrets())


def test_both_secrets_count_while_one_is_replaced_by_the_other(settings: Settings) -> None:
    old, new = settings.SHOPIFY_API_SECRET, "the-new-secret-0123456789"
    signature = body_signature(b"{}", old)
    settings.SHOPIFY_API_SECRET, settings.SHOPIFY_API_SECRET_PREVIOUS = new, old
    assert body_is_signed(b"{}", signature, app.secrets())
    settings.SHOPIFY_API_SECRET_PREVIOUS = ""
    assert not body_is_signed(b"{}", signature, app.secrets())


@pytest.mark.parametrize("secret", ["", " ", "short"])
def test_an_empty_or_short_secret_verifies_nothing(settings: Settings, secret: str) -> None:
    settings.SHOPIFY_API_SECRET = settings.SHOPIFY_API_SECRET_PREVIOUS = secret
    assert app.secrets() == ()
    assert not body_is_signed(b"{}", body_signature(b"{}", secret or "x"), app.secrets())
