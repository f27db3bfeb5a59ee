"""Signatures: the service believes what Shopify signed, and nothing else."""

import base64
import hashlib
import hmac
import random
from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from reservations.shopify.access import app
from reservations.shopify.access.signatures import (
    body_is_signed,
    parse,
    proxied_call_is_signed,
    proxy_message,
    query_is_signed,
    query_message,
)
from tests.shopify.signing import body_signature

HUSH = ("hush",)
# Shopify's own names, as it sorts them.
NAMES = ("logged_in_customer_id", "path_prefix", "shop", "timestamp")
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


def made_for(pairs: list[tuple[str, str]]) -> str:
    """The signature that Shopify makes of a call with these parameters."""
    return hmac.new(HUSH[0].encode(), proxy_message(pairs), hashlib.sha256).hexdigest()


def call(pairs: list[tuple[str, str]], signature: str | None = None) -> str:
    return urlencode([*pairs, ("signature", made_for(pairs) if signature is None else signature)])


def test_shopifys_own_examples_are_believed() -> None:
    assert query_is_signed(LINK, HUSH)
    for example in (SIGNED_IN, GUEST):
        *signed, (_, signature) = parse(example) or []
        assert made_for(signed) == signature


@pytest.mark.parametrize("query", [SIGNED_IN, GUEST])
def test_a_parameter_of_a_visitors_is_refused_though_shopify_signed_it(query: str) -> None:
    assert not proxied_call_is_signed(query, HUSH)


OWN = [
    ("shop", "shop-name.myshopify.com"),
    ("logged_in_customer_id", "1"),
    ("path_prefix", "/apps/awesome_reviews"),
    ("timestamp", "1317327555"),
]


@pytest.mark.parametrize("pairs", [OWN, [(name, "" if "customer" in name else value) for name, value in OWN]])
def test_a_proxied_call_with_anything_changed_is_refused(pairs: list[tuple[str, str]]) -> None:
    query = call(pairs)
    assert proxied_call_is_signed(query, HUSH)
    for changed in (
        query.replace("shop-name", "shop-fame"),
        query.replace("1317327555", "1317327556"),
        query + "&more=1",
        query + "&shop=evil.myshopify.com",
        query + "&signature=" + "0" * 64,
    ):
        assert not proxied_call_is_signed(changed, HUSH)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("shop", "SHOP-NAME.myshopify.com"),
        ("shop", "shop-name.myshopify.com.evil.example"),
        ("path_prefix", "/apps/xshop=evil.myshopify.com"),
        ("path_prefix", "apps/x"),
        ("timestamp", "1e9"),
        ("timestamp", ""),
        ("logged_in_customer_id", "1path_prefix=/apps/x"),
    ],
)
def test_a_value_of_another_shape_is_refused_though_shopify_signed_it(name: str, value: str) -> None:
    assert not proxied_call_is_signed(call([(known, value if known == name else was) for known, was in OWN]), HUSH)


def test_one_shops_signed_call_never_reads_as_anothers() -> None:
    """Shopify puts nothing between what it signs: cut elsewhere, the same text may name another shop."""
    extra = "1logged_in_customer_id=path_prefix=/xshop=evil.myshopify.comtimestamp=1317327555z="
    message = proxy_message([("a", extra), *OWN])
    signature = hmac.new(HUSH[0].encode(), message, hashlib.sha256).hexdigest()
    cut = [
        ("a", "1"),
        ("logged_in_customer_id", ""),
        ("path_prefix", "/x"),
        ("shop", "evil.myshopify.com"),
        ("timestamp", "1317327555"),
        ("z", message.decode().partition("z=")[2]),
    ]
    assert proxy_message(cut) == message
    assert not proxied_call_is_signed(call(cut, signature), HUSH)


def readings(text: str, names: Sequence[str] = NAMES) -> Iterator[list[tuple[str, str]]]:
    """Every way to cut what Shopify signed into parameters of these names."""
    for place, name in enumerate(names):
        if text.startswith(f"{name}="):
            rest = text.removeprefix(f"{name}=")
            yield [(name, rest)]
            for end in range(len(rest)):
                yield from ([(name, rest[:end]), *more] for more in readings(rest[end:], names[place + 1 :]))


# What a visitor may put into a query to make it read in another way.
WORDS = (
    *("a", "z", "=", "shop", "shop=", "timestamp=", "path_prefix=", "logged_in_customer_id=", "/x", "1317327555", "9"),
    *("evil.myshopify.com", "shop-name.myshopify.com", "/apps/awesome_reviews", ""),
)


def test_no_reading_of_what_a_visitor_lets_shopify_sign_names_another_shop() -> None:
    rng, tried = random.Random(16), 0
    for _ in range(300):
        added = [
            tuple("".join(rng.choices(WORDS, k=rng.randint(0, most))) for most in (4, 8))
            for _ in range(rng.randint(1, 3))
        ]
        message = proxy_message([*OWN, *added]).decode()  # type: ignore[list-item]
        signature = hmac.new(HUSH[0].encode(), message.encode(), hashlib.sha256).hexdigest()
        for cut in readings(message):
            tried += 1
            assert not proxied_call_is_signed(call(cut, signature), HUSH)
    assert tried > 100


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
