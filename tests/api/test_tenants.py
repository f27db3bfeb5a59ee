"""One shop's key with another shop's ids: every route answers as for an id that does not exist."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID, uuid4

import orjson
import pytest

from reservations.api.schema.docs import schema
from tests.api.client import Merchant
from tests.factories import hold, numbers, stock_of

pytestmark = pytest.mark.django_db

OPEN = {"/healthz", "/readyz", "/metrics"}


@dataclass(frozen=True)
class Known:
    """What a stranger may know of a shop."""

    sku: str
    reservation_id: UUID
    cart_token: UUID


def _operations() -> Iterator[tuple[str, str]]:
    for path, methods in orjson.loads(schema())["paths"].items():
        if path not in OPEN:
            yield from ((method.upper(), path) for method in methods)


def _bodies(known: Known) -> Iterator[dict[str, object]]:
    """Every way to name something of a shop's in a body."""
    yield {}
    yield {"reservation_id": str(known.reservation_id)}
    yield {"reservation_ids": [str(known.reservation_id)]}
    yield {"cart_token": str(known.cart_token)}
    yield {"cart_token": str(known.cart_token), "lines": [{"sku": known.sku, "quantity": 1}]}


@pytest.mark.parametrize(("method", "path"), list(_operations()))
def test_a_stranger_cannot_tell_another_shops_ids_from_unknown_ones(method: str, path: str) -> None:
    owner, stranger = Merchant(), Merchant()
    cart = uuid4()
    theirs = Known(stock_of(owner.shop, 5, sku=f"SKU-{uuid4()}"), hold_in(owner, cart), cart)
    for body in _bodies(theirs):
        address = path.format(sku=theirs.sku, reservation_id=theirs.reservation_id)
        with_theirs = stranger.send(method, address, orjson.dumps(body))
        unknown = Known(f"SKU-{uuid4()}", uuid4(), uuid4())
        with_unknown = stranger.send(method, *_renamed(path, body, theirs, unknown))
        # A cart's validation answers for any SKU, an unknown one too: none of it is free.
        assert with_theirs.status_code in ((200, 400) if path == "/cart/validate" else (400, 404))
        assert with_theirs.status_code == with_unknown.status_code
        assert _without_ids(with_theirs.content, theirs) == _without_ids(with_unknown.content, unknown)
    assert numbers(owner.shop, theirs.sku)[1:] == (0, 0)
    assert numbers(owner.shop) == (1, 1, 0)


def hold_in(owner: Merchant, cart: UUID) -> UUID:
    stock_of(owner.shop, 1)
    return hold(owner.shop, cart=cart).reservation_id


def _renamed(path: str, body: dict[str, object], known: Known, unknown: Known) -> tuple[str, bytes]:
    sent = orjson.dumps(body).decode()
    for old, new in zip(_names(known), _names(unknown), strict=True):
        sent = sent.replace(old, new)
    return path.format(sku=unknown.sku, reservation_id=unknown.reservation_id), sent.encode()


def _without_ids(answer: bytes, known: Known) -> str:
    text = answer.decode()
    for name in _names(known):
        text = text.replace(name, "...")
    return text


def _names(known: Known) -> tuple[str, ...]:
    return known.sku, str(known.reservation_id), str(known.cart_token)
