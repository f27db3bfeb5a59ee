"""GET /reservations/{reservation_id}."""

from uuid import uuid4

import pytest

from reservations import engine
from tests.api.client import Merchant, body_of, outcome
from tests.factories import by_id, hold, outlive, stock_of

pytestmark = pytest.mark.django_db

A_UUID = "5b0c3a1e-7d42-4f6a-9c18-2e9d60b7a4f3"


def test_a_reservation_reads_as_it_was_answered_when_made() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 1)
    held = merchant.reserve(cart_token=str(uuid4()))
    assert body_of(merchant.get(f"/reservations/{held['reservation_id']}")) == held


def test_a_dead_hold_reads_expired_before_any_job_ran() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 1)
    held = hold(merchant.shop)
    outlive(held)
    body = body_of(merchant.get(f"/reservations/{held.reservation_id}"))
    assert (body["status"], body["ended_at"]) == ("expired", body["expires_at"])


def test_a_sale_shows_its_order_and_its_end() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 1)
    held = hold(merchant.shop)
    engine.confirm(merchant.shop.pk, by_id(held), order_id="BZC-7")
    body = body_of(merchant.get(f"/reservations/{held.reservation_id}"))
    assert (body["status"], body["order_id"]) == ("confirmed", "BZC-7")
    assert body["ended_at"] is not None


@pytest.mark.parametrize("name", ["x", "0", A_UUID.replace("-", ""), f"{{{A_UUID}}}", "٣" * 36, "a" * 10_000])
def test_what_is_no_uuid_is_nobodys_reservation(name: str) -> None:
    assert outcome(Merchant().get(f"/reservations/{name}")) == (404, "unknown_reservation")


def test_an_id_in_capitals_is_the_same_id() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 1)
    held = merchant.reserve()
    assert body_of(merchant.get(f"/reservations/{held['reservation_id'].upper()}")) == held
