"""Idempotency-Key: the same key gets the same answer, and has one effect."""

from uuid import uuid4

import pytest
from django.db import connection

from reservations.models import ApiKey, IdempotencyRecord, Reservation
from tests.api.client import Merchant, body_of, outcome
from tests.factories import hold, numbers, outlive, stock_of
from tests.support.rendezvous import at_once

RESERVE = "/stock/SKU-1/reserve"


@pytest.mark.django_db
def test_a_repeated_reserve_gets_the_first_answer_byte_for_byte() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 5)
    first, *others = (merchant.post(RESERVE, {"quantity": 2}, key="k") for _ in range(4))
    assert outcome(first) == (200, None)
    assert "Idempotency-Replayed" not in first
    for other in others:
        assert (other.status_code, other.content) == (200, first.content)
        assert other["Idempotency-Replayed"] == "true"
    assert numbers(merchant.shop) == (5, 2, 0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "body"),
    [
        (RESERVE, {"quantity": 2}),
        (RESERVE, b'{"quantity":1} '),
        (RESERVE, b""),
        ("/stock/SKU-2/reserve", {"quantity": 1}),
        ("/stock/reserve", {"cart_token": str(uuid4()), "lines": [{"sku": "SKU-1", "quantity": 1}]}),
        ("/stock/confirm", {"reservation_id": str(uuid4())}),
    ],
)
def test_the_same_key_with_another_request_is_refused(path: str, body: object) -> None:
    merchant = Merchant()
    for sku in ("SKU-1", "SKU-2"):
        stock_of(merchant.shop, 5, sku=sku)
    merchant.post(RESERVE, {"quantity": 1}, key="k")
    assert outcome(merchant.post(path, body, key="k")) == (422, "idempotency_key_reused")
    assert Reservation.objects.filter(shop=merchant.shop).count() == 1


@pytest.mark.django_db
def test_a_key_is_not_spent_on_a_request_that_was_not_understood() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 5)
    assert outcome(merchant.post(RESERVE, {"quantity": "1"}, key="k")) == (400, "invalid_input")
    assert outcome(merchant.post(RESERVE, {"quantity": 1}, key="k")) == (200, None)


@pytest.mark.django_db
def test_out_of_stock_is_no_last_word() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 0)
    assert outcome(merchant.post(RESERVE, key="k")) == (409, "out_of_stock")
    stock_of(merchant.shop, 1)
    response = merchant.post(RESERVE, key="k")
    assert outcome(response) == (200, None)
    assert "Idempotency-Replayed" not in response


@pytest.mark.django_db
def test_what_is_not_there_stays_not_there_for_its_key() -> None:
    merchant = Merchant()
    first = merchant.post(RESERVE, key="k")
    stock_of(merchant.shop, 1)
    again = merchant.post(RESERVE, key="k")
    assert outcome(first) == (404, "unknown_sku")
    assert (again.status_code, again.content, again["Idempotency-Replayed"]) == (404, first.content, "true")


@pytest.mark.django_db
def test_what_is_gone_is_told_in_the_words_of_the_first_time() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 1)
    held = hold(merchant.shop)
    outlive(held)
    body = {"reservation_id": str(held.reservation_id)}
    first = merchant.post("/stock/confirm", body, key="k")
    again = merchant.post("/stock/confirm", body, key="k", **{"Accept-Language": "en"})
    assert outcome(first) == (410, "reservation_expired")
    assert again.content == first.content


@pytest.mark.django_db
def test_a_confirm_repeated_after_the_answer_was_lost_is_the_same_sale() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 2)
    body = {"reservation_id": merchant.reserve()["reservation_id"], "order_id": "1"}
    first, again = (merchant.post("/stock/confirm", body, key="k") for _ in range(2))
    assert (first.content, again["Idempotency-Replayed"]) == (again.content, "true")
    assert numbers(merchant.shop) == (2, 0, 1)


@pytest.mark.django_db
def test_two_api_keys_of_one_shop_do_not_share_idempotency_keys() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 5)
    other = Merchant(merchant.shop, ApiKey.issue(merchant.shop)[1])
    assert body_of(merchant.post(RESERVE, key="k")) != body_of(other.post(RESERVE, key="k"))
    assert numbers(merchant.shop) == (5, 2, 0)


@pytest.mark.django_db
def test_two_shops_do_not_share_idempotency_keys() -> None:
    for merchant in (Merchant(), Merchant()):
        stock_of(merchant.shop, 5)
        assert "Idempotency-Replayed" not in merchant.post(RESERVE, key="k")


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["x", "x" * 255, "!~", "5b0c3a1e-7d42-4f6a-9c18-2e9d60b7a4f3", '"quoted"', "a,b"])
def test_visible_ascii_makes_a_key(key: str) -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 1)
    assert outcome(merchant.post(RESERVE, key=key)) == (200, None)
    assert IdempotencyRecord.objects.get(shop=merchant.shop).key == key


@pytest.mark.django_db
@pytest.mark.parametrize(
    "key", ["", "x" * 256, "two words", "tab\t", "ç", "\x7f", "\x00", "🧸", "x" * 100_000], ids=ascii
)
def test_anything_else_makes_no_key_and_has_no_effect(key: str) -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 1)
    assert outcome(merchant.post(RESERVE, key=key)) == (400, "invalid_idempotency_key")
    assert numbers(merchant.shop) == (1, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_the_same_key_many_times_at_once_holds_one_unit() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 50)
    responses = at_once([lambda: merchant.fresh().post(RESERVE, key="k")] * 12)
    outcomes = [outcome(response) for response in responses]  # type: ignore[arg-type]
    assert set(outcomes) <= {(200, None), (409, "request_in_progress")}
    bodies = {response.content for response in responses if response.status_code == 200}  # type: ignore[union-attr]
    assert len(bodies) == 1
    assert numbers(merchant.shop) == (50, 1, 0)


@pytest.mark.django_db(transaction=True)
def test_a_request_in_progress_says_when_to_ask_again() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 1)
    name = f"{merchant.shop.pk}/key:{ApiKey.objects.get(shop=merchant.shop).pk}/k"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [name])
    try:
        [response] = at_once([lambda: merchant.post(RESERVE, key="k")])
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock_all()")
    assert outcome(response) == (409, "request_in_progress")  # type: ignore[arg-type]
    assert response["Retry-After"] == "1"  # type: ignore[index]
    assert numbers(merchant.shop) == (1, 0, 0)
