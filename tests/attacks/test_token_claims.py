"""Session tokens, claim by claim and header by header, signed with the right secret, at every door that takes one."""

import base64
import hmac
import json
from collections.abc import Callable, Iterator
from typing import Any

import jwt
import pytest
from django.conf import settings
from django.test import Client

from tests.attacks.size import whole_or_every
from tests.attacks.tally import Tally
from tests.factories import stock_of
from tests.merchant.merchant import Merchant
from tests.shopify.customer_account.page import customer_token
from tests.shopify.signing import claims_of, session_token

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
]
SKU = "SKU-OF-THE-SHOP"
_TEXTS = ("", " ", "x", "null", "9" * 400)
# None leaves the claim out.
VALUES: tuple[object, ...] = (None, *_TEXTS, 1.5, True, False, [], ["x"], {}, {"x": 1})
# What each claim may not say: times that are over or to come, another app, another shop, no member of staff.
OTHERS: dict[str, tuple[object, ...]] = {
    "exp": (0, -1, 1, -(10**9), -(10**30)),
    "nbf": (10**10, 10**12, 10**30),
    "aud": (0, "another-app", ["test-shopify-key"], "test-shopify-key ", "TEST-SHOPIFY-KEY"),
    "dest": (0, "https://evil.example", "http://{shop}", "https://{shop}:443", "https://{shop}@evil.example", "{shop}"),
    "iss": (0, "https://evil.example/admin", "https://{shop}.evil.example/admin", "https://{shop}/admin/"),
    "sub": (0, 42, "gid://shopify/Customer/42", "42 ", "-42", "42\n", "4\uff12"),
}
ALGORITHMS = ("none", "None", "nOnE", "NONE", "", "HS384", "HS512", "RS256", "ES256", "hs256")
_NAMED: list[dict[str, object]] = [{"alg": name} for name in ALGORITHMS]
HEADERS: tuple[dict[str, object], ...] = (
    *_NAMED,
    {"alg": "HS256", "crit": ["exp"]},
    {"alg": "HS256", "crit": ["b64"], "b64": False},
    {"alg": "HS256", "jwk": {"kty": "oct", "k": "AA"}},
    {"alg": "HS256", "jku": "https://evil.example/keys", "kid": "../../dev/null"},
    {"alg": None},
    {"alg": ["HS256"]},
    {"typ": "JWT"},
)


def _bearer(path: str, token: str) -> Any:
    return Client().get(path, headers={"Authorization": f"Bearer {token}"})


DOORS: dict[str, Callable[[str, str], Any]] = {
    "the API": lambda token, domain: _bearer(f"/stock/{SKU}?shop={domain}", token),
    "a page": lambda token, domain: _bearer(f"/app/stock/?shop={domain}", token),
    "a page's address": lambda token, domain: Client().get("/app/stock/", {"id_token": token, "shop": domain}),
}


def bad_claims(domain: str) -> Iterator[str]:
    """A token for each wrong value of each claim; all are signed with the app's secret."""
    for claim, others in OTHERS.items():
        for value in (*VALUES, *others):
            told = value.format(shop=domain) if isinstance(value, str) else value
            # Any number may be somebody's.
            if claim != "sub" or told != _TEXTS[-1]:
                yield session_token(domain, **{claim: told})


def bad_headers(domain: str) -> Iterator[str]:
    """A token for each header that a forger may try, and for each secret that a forger may guess."""
    payload = part(claims_of(domain))
    for header in HEADERS:
        for signature in ("", "AA", part({"x": 1})):
            yield f"{part(header)}.{payload}.{signature}"
    unsigned = f"{part({'alg': 'HS256', 'typ': 'JWT'})}.{payload}"
    for secret in (b"", b"\x00", b"secret", settings.SHOPIFY_API_KEY.encode()):
        made = hmac.new(secret, unsigned.encode(), "sha256").digest()
        yield f"{unsigned}.{base64.urlsafe_b64encode(made).rstrip(b'=').decode()}"
    for algorithm in ("HS384", "HS512"):
        yield jwt.encode(claims_of(domain), settings.SHOPIFY_API_SECRET, algorithm=algorithm)


def bad_spellings(domain: str) -> Iterator[str]:
    """A good token, spelt so that two readers could take it for two things; and a customer's."""
    good = session_token(domain)
    head, payload, signature = good.split(".")
    yield from (f"{head}..{signature}", f"{head}.{payload}", f".{payload}.{signature}", f"{good}.{signature}")
    yield from (f"{good}.", f".{good}", f"{good} {good}", good.replace(".", "%2E"), good[::-1], f"{good}\x00")
    for other in ([claims_of(domain)], claims_of("other.myshopify.com"), claims_of(domain, exp=10**10)):
        yield f"{head}.{part(other)}.{signature}"
    yield customer_token(domain)


def part(value: object) -> str:
    """JSON as a part of a token."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def shows_stock(answer: Any) -> bool:
    """Whether the answer is the stock item, or the page on which it stands."""
    told = answer.content.decode()
    return '"on_hand"' in told or f">{SKU}<" in told


@pytest.mark.parametrize("door", DOORS.values(), ids=DOORS)
@pytest.mark.parametrize("tokens", [bad_claims, bad_headers, bad_spellings])
def test_no_bad_token_is_told_anything_of_the_shop(
    tokens: Callable[[str], Iterator[str]], door: Callable[[str, str], Any], tally: Tally
) -> None:
    shop = Merchant().shop
    stock_of(shop, 5, SKU)
    # A door that is shut to everybody would prove nothing.
    assert shows_stock(door(session_token(shop.domain), shop.domain))
    for token in whole_or_every(3, list(tokens(shop.domain)), turn=len(shop.domain)):
        answer = door(token, shop.domain)
        tally.heard(answer.status_code)
        assert answer.status_code < 500
        assert not shows_stock(answer), token.split(".")[1]


@pytest.mark.parametrize("door", DOORS.values(), ids=DOORS)
def test_a_token_of_one_shop_shows_nothing_of_another_in_the_address(
    door: Callable[[str, str], Any], tally: Tally
) -> None:
    ours, theirs = Merchant().shop, Merchant().shop
    stock_of(theirs, 5, SKU)
    answer = door(session_token(ours.domain), theirs.domain)
    tally.heard(answer.status_code)
    assert not shows_stock(answer)
