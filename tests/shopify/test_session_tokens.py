"""Session tokens: all claims together prove the shop, or nothing does."""

import base64
import json
import time

import jwt
import pytest
from pytest_django import Settings

from reservations.shopify.access.session_token import InvalidSessionToken, verify
from tests.shopify.signing import claims_of, session_token

# These tests' secret is a little shorter than Shopify's.
pytestmark = pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")

SHOP = "ana-store.myshopify.com"
REQUIRED = ["exp", "nbf", "aud", "dest", "iss", "sub"]


def refused(token: str) -> bool:
    with pytest.raises(InvalidSessionToken):
        verify(token)
    return True


def test_a_token_of_a_shop_proves_that_shop_and_its_user() -> None:
    proved = verify(session_token(SHOP))
    assert (proved.domain, proved.user_id) == (SHOP, "42")


def test_a_shop_with_a_name_of_one_letter_is_a_shop_too() -> None:
    assert verify(session_token("a.myshopify.com")).domain == "a.myshopify.com"


@pytest.mark.parametrize("claim", REQUIRED)
def test_a_token_without_a_claim_is_refused(claim: str) -> None:
    assert refused(session_token(SHOP, **{claim: None}))


@pytest.mark.parametrize("claim", ["jti", "sid", "iat"])
def test_claims_that_nothing_rests_on_may_be_absent(claim: str) -> None:
    assert verify(session_token(SHOP, **{claim: None})).domain == SHOP


@pytest.mark.parametrize("claim", REQUIRED)
@pytest.mark.parametrize("value", [True, 1.5, [], {}, ["x"], "9999999999999"])
def test_a_claim_of_another_type_is_refused(claim: str, value: object) -> None:
    if claim == "sub" and isinstance(value, str):
        return
    assert refused(session_token(SHOP, **{claim: value}))


@pytest.mark.parametrize(("seconds", "believed"), [(-8, True), (-12, False)])
def test_ten_seconds_of_difference_between_clocks_are_forgiven(seconds: int, believed: bool) -> None:
    now = int(time.time())
    for claims in ({"exp": now + seconds}, {"nbf": now - seconds}):
        token = session_token(SHOP, **claims)
        assert (verify(token).domain == SHOP) if believed else refused(token)


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another-app"},
        {"aud": ["test-shopify-key"]},
        {"dest": "https://other.myshopify.com"},
        {"iss": "https://other.myshopify.com/admin"},
        {"iss": "https://ana-store.myshopify.com.evil.com/admin"},
        {"iss": "https://ana-store.myshopify.com"},
        {"iss": "https://ana-store.myshopify.com/account"},
        {"sub": "gid://shopify/Customer/42"},
        {"sub": ""},
    ],
)
def test_a_token_for_another_app_of_two_shops_or_of_no_admin_is_refused(claims: dict[str, object]) -> None:
    assert refused(session_token(SHOP, **claims))


@pytest.mark.parametrize(
    "domain",
    [
        "evil.com",
        "a.myshopify.com.evil.com",
        "a.myshopify.com@evil.com",
        "a.myshopify.com#",
        "a.myshopify.com:443",
        "a.myshopify.com\n",
        "-a.myshopify.com",
        "a_b.myshopify.com",
        "ána.myshopify.com",
        "A.myshopify.com",
        ".myshopify.com",
        "myshopify.com",
        "a.b.myshopify.com",
        "",
    ],
)
def test_what_is_no_shop_is_not_believed_even_when_it_is_signed(domain: str) -> None:
    assert refused(session_token(domain))


def test_a_token_signed_with_another_secret_is_refused() -> None:
    assert refused(session_token(SHOP, "another-secret-0123456789-0123456789"))


def test_the_previous_secret_counts_while_it_is_rotated(settings: Settings) -> None:
    token = session_token(SHOP)
    settings.SHOPIFY_API_SECRET_PREVIOUS = settings.SHOPIFY_API_SECRET
    settings.SHOPIFY_API_SECRET = "the-new-secret-0123456789"
    assert verify(token).domain == SHOP


@pytest.mark.parametrize("algorithm", ["none", "None", "nOnE", "HS384", "HS512", "RS256"])
def test_another_algorithm_than_shopifys_is_refused(algorithm: str, settings: Settings) -> None:
    header = base64.urlsafe_b64encode(json.dumps({"alg": algorithm, "typ": "JWT"}).encode()).rstrip(b"=")
    payload = base64.urlsafe_b64encode(json.dumps(claims_of(SHOP)).encode()).rstrip(b"=")
    assert refused(f"{header.decode()}.{payload.decode()}.")
    if algorithm.startswith("HS"):
        assert refused(jwt.encode(claims_of(SHOP), settings.SHOPIFY_API_SECRET, algorithm=algorithm))


@pytest.mark.parametrize("text", ["", ".", "..", "a.b.c", "ç", "A" * 5_000, "\ud800", "eyJhbGciOiJIUzI1NiJ9"])
def test_text_that_is_no_token_is_refused_without_a_fuss(text: str) -> None:
    assert refused(text)
