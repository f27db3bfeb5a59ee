"""Bodies meant to break a parser, a column or a rule, from a caller with good credentials, at every address."""

import gzip
from collections.abc import Iterator

import orjson
import pytest
from django.apps import apps

from tests.attacks.addresses import OPEN, all_addresses, filled_in
from tests.attacks.own_calls import post
from tests.attacks.owner import Owner
from tests.attacks.size import whole_or_every
from tests.attacks.tally import Tally

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
]
JSON = "application/json"


def broken() -> Iterator[tuple[bytes, str, dict[str, str]]]:
    """Bodies that no address can make sense of, with their type and headers."""
    for text in (
        b"[" * 60_000,
        b'{"a":' * 10_000,
        b'{"quantity": 1, "quantity": 2}',
        b'{"quantity": NaN}',
        b'{"quantity": Infinity}',
        b'{"quantity": 1e999}',
        b'{"quantity": ' + b"9" * 5_000 + b"}",
        b'{"quantity": -0.0}',
        b'{"quantity": "1"}',
        b'{"quantity": true}',
        b'{"quantity": 0}',
        b'{"quantity": -1}',
        b'{"quantity": 4294967297}',
        b'{"sku": "\\u0000"}',
        b'{"sku": "\\ud800"}',
        b'{"cart_token": "\xff\xfe"}',
        b"\xef\xbb\xbf{}",
        '{"quantity": 1}'.encode("utf-16"),
        b"null",
        b"true",
        b"[]",
        b'"text"',
        b"{",
        b"}",
        b"\x00",
        b"\x80\x04\x95\x0b\x00\x00\x00\x00\x00\x00\x00\x8c\x07builtins\x94.",
        b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
        b'{"__proto__": {"quantity": 1}}',
        b'{"reservation_id": {"$ne": null}}',
        b'{"reservation_id": ["' + b"a" * 60_000 + b'"]}',
        b'{"lines": [' + b'{"sku": "A", "quantity": 1},' * 1_000 + b'{"sku": "A", "quantity": 1}]}',
    ):
        yield text, JSON, {}
    yield gzip.compress(b'{"quantity": 1}' + b" " * 10_000_000), JSON, {"Content-Encoding": "gzip"}
    yield b'{"quantity": 1}', "application/json; charset=utf-7", {}
    yield b"quantity=1", "text/plain", {}
    yield b"x" * 70_000, JSON, {}


def every_field() -> bytes:
    """A body that names every column there is, each with a value that somebody would like it to have."""
    names = {field.name for model in apps.get_models() for field in model._meta.fields}
    names |= {f"{name}_id" for name in names}
    return orjson.dumps(dict.fromkeys(sorted(names), 1))


def stock(owner: Owner) -> dict[str, object]:
    """What the shop has, holds and allows; not the webhooks, which keep what was signed."""
    kept = ("Shop", "StockItem", "StockMovement", "Reservation", "Shortfall")
    return {name: rows for name, rows in owner.state().items() if name in kept}


# It waits for Bling, which nothing may do inside a test's transaction.
CALLS_BLING = {"app/bling/disconnect/"}


@pytest.mark.parametrize("pattern", sorted(set(all_addresses()) - OPEN - CALLS_BLING))
def test_no_body_breaks_an_address_or_changes_what_nobody_asked_for(pattern: str, tally: Tally) -> None:
    owner = Owner()
    address = filled_in(pattern, owner.names)
    before = stock(owner)
    bodies = [*broken(), (every_field(), JSON, {})]
    for body, kind, headers in whole_or_every(6, bodies, turn=len(pattern)):
        answer = post(owner.shop, address, body, kind, headers)
        tally.heard(answer.status_code)
        assert answer.status_code < 500, (body[:80], answer.content[:300])
    # A page's button is pressed by the address alone, and nobody forges that credential.
    assert address.startswith("/app/") or stock(owner) == before
