"""The same idempotency key gets the same answer, and one effect."""

import hashlib

import pytest

from reservations import engine
from reservations.models import IdempotencyRecord, Shop
from tests.factories import by_id, hold, make_shop, numbers, outlive, stock_of

pytestmark = pytest.mark.django_db(transaction=True)


def render(outcome: engine.Outcome) -> engine.Answer | None:
    """Answer with the ids, or with the error's code; of the errors keep only 404 and 410."""
    if isinstance(outcome, engine.EngineError):
        return engine.Answer(outcome.status, outcome.code.encode()) if outcome.status in (404, 410) else None
    return engine.Answer(200, ",".join(str(held.reservation_id) for held in outcome).encode())


def key(name: str, body: str = "", credential: str = "key:1") -> engine.Idempotency:
    return engine.Idempotency(credential, name, hashlib.sha256(body.encode()).digest(), render)


def reserve(shop: Shop, idempotency: engine.Idempotency, sku: str = "SKU-1") -> engine.Reservation:
    return engine.reserve(shop.pk, [engine.Line(sku, 1)], idempotency=idempotency)[0]


def test_a_repeated_key_gets_the_first_answer_and_holds_nothing_more() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    first = reserve(shop, key("k"))
    with pytest.raises(engine.AlreadyAnswered) as replay:
        reserve(shop, key("k"))
    assert replay.value.answer == engine.Answer(200, str(first.reservation_id).encode())
    assert numbers(shop) == (5, 1, 0)


def test_a_key_that_comes_back_with_another_body_is_refused() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    reserve(shop, key("k", "one"))
    with pytest.raises(engine.IdempotencyKeyReused):
        reserve(shop, key("k", "two"))


def test_keys_of_two_credentials_and_of_two_shops_do_not_meet() -> None:
    shop, other = make_shop(), make_shop()
    stock_of(shop, 5)
    stock_of(other, 5)
    ids = {
        reserve(shop, key("k")).reservation_id,
        reserve(shop, key("k", credential="key:2")).reservation_id,
        reserve(other, key("k")).reservation_id,
    }
    assert len(ids) == 3


def test_a_refusal_for_want_of_stock_is_not_kept() -> None:
    shop = make_shop()
    stock_of(shop, 0)
    for _ in range(2):
        with pytest.raises(engine.OutOfStock):
            reserve(shop, key("k"))
    stock_of(shop, 1)
    assert reserve(shop, key("k")).status == "active"


def test_the_buyer_of_the_last_unit_gets_it_again_though_it_is_sold_out_by_now() -> None:
    shop = make_shop()
    stock_of(shop, 1)
    reserve(shop, key("k"))
    with pytest.raises(engine.OutOfStock):
        hold(shop)
    with pytest.raises(engine.AlreadyAnswered):
        reserve(shop, key("k"))


def test_a_kept_410_is_replayed_and_the_record_came_with_its_effect() -> None:
    shop = make_shop()
    stock_of(shop, 1)
    held = hold(shop)
    outlive(held)
    with pytest.raises(engine.ReservationExpired):
        engine.confirm(shop.pk, by_id(held), idempotency=key("k"))
    with pytest.raises(engine.AlreadyAnswered) as replay:
        engine.confirm(shop.pk, by_id(held), idempotency=key("k"))
    assert replay.value.answer.status == 410
    assert IdempotencyRecord.objects.get(shop=shop).status == 410
