"""The same promises through the whole service: sockets, two web processes with threads, and one database."""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from uuid import uuid4

import pytest

from reservations import engine
from reservations.models import ApiKey, IdempotencyRecord, Reservation, Shop
from tests.factories import make_shop, numbers, stock_of
from tests.support.buyer import Answer, Buyer
from tests.support.database import address
from tests.support.rendezvous import RACE_ROUNDS, at_once, raised, returned
from tests.support.web import Web, running_web

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def written_together() -> None:
    """The servers decide here."""


@pytest.fixture(scope="module", params=["1", "0"], ids=["group-commit", "one-by-one"])
def web(request: pytest.FixtureRequest, django_db_setup: None) -> Iterator[Web]:
    """A server with group commit, then one without."""
    with running_web(DATABASE_URL=address(), GROUP_COMMIT=request.param) as web:
        yield web


@pytest.fixture
def shop() -> Shop:
    return make_shop()


@pytest.fixture
def buyers(web: Web, shop: Shop) -> Iterator[list[Buyer]]:
    """Fifty buyers, each with a connection of its own."""
    key = ApiKey.issue(shop)[1]
    buyers = [Buyer(web.port, key) for _ in range(50)]
    yield buyers
    for buyer in buyers:
        buyer.close()


def race(buyers: list[Buyer], sku: str) -> Counter[str]:
    """The answers to these buyers, who ask in the same instant; fails if one gets none."""
    outcomes = at_once([partial(buyer.reserve, sku) for buyer in buyers])
    assert raised(outcomes) == []
    return Counter(answer.code for answer in returned(outcomes))


def test_one_of_fifty_buyers_gets_the_last_unit_in_every_round(shop: Shop, buyers: list[Buyer]) -> None:
    for number in range(RACE_ROUNDS):
        sku = stock_of(shop, 1, f"LAST-{number}")
        assert race(buyers, sku) == {"ok": 1, "out_of_stock": 49}
        assert numbers(shop, sku) == (1, 1, 0)
    assert engine.audit(shop.pk) == []


def test_ten_of_forty_buyers_get_the_ten_units(shop: Shop, buyers: list[Buyer]) -> None:
    for number in range(20):
        sku = stock_of(shop, 10, f"TEN-{number}")
        assert race(buyers[:40], sku) == {"ok": 10, "out_of_stock": 30}
        assert numbers(shop, sku) == (10, 10, 0)
    assert engine.audit(shop.pk) == []


def test_a_key_that_is_sent_twice_at_once_makes_one_reservation_and_gets_one_answer(
    shop: Shop, buyers: list[Buyer]
) -> None:
    sku = stock_of(shop, 100)
    for number in range(40):
        key = f"key-{number}"
        answers = returned(at_once([partial(buyer.reserve, sku, key=key) for buyer in buyers[:4]]))
        assert {answer.code for answer in answers} <= {"ok", "request_in_progress"}
        assert all(answer.retry_after == "1" for answer in answers if answer.status == 409)
        retried = [buyer.reserve(sku, key=key) for buyer in buyers[:4]]
        bodies = {str(answer.body) for answer in (*answers, *retried) if answer.status == 200}
        assert len(bodies) == 1
    assert Reservation.objects.filter(shop=shop).count() == 40
    assert IdempotencyRecord.objects.filter(shop=shop).count() == 40
    assert numbers(shop, sku) == (100, 40, 0)
    assert engine.audit(shop.pk) == []


def test_crossed_carts_meet_no_error(shop: Shop, buyers: list[Buyer]) -> None:
    for sku in "AB":
        stock_of(shop, 1_000, sku)

    def cart(buyer: Buyer, order: str) -> Answer:
        lines = [{"sku": sku, "quantity": 1} for sku in order]
        return buyer.post("/stock/reserve", {"cart_token": str(uuid4()), "lines": lines})

    for _ in range(50):
        outcomes = at_once(
            [partial(cart, buyer, order) for buyer, order in zip(buyers[:4], ["AB", "BA"] * 2, strict=True)]
        )
        assert Counter(answer.code for answer in returned(outcomes)) == {"ok": 4}
    assert numbers(shop, "A") == numbers(shop, "B") == (1_000, 200, 0)
    assert engine.audit(shop.pk) == []


def test_a_hold_that_ten_confirm_and_ten_release_at_once_ends_once(shop: Shop, buyers: list[Buyer]) -> None:
    for number in range(20):
        sku = stock_of(shop, 1, f"SKU-{number}")
        reservation_id = buyers[0].reserve(sku).body["reservation_id"]
        confirms = [partial(buyer.confirm, reservation_id) for buyer in buyers[:10]]
        releases = [
            partial(buyer.post, "/stock/release", {"reservation_id": reservation_id}) for buyer in buyers[10:20]
        ]
        codes = [answer.code for answer in returned(at_once([*confirms, *releases]))]
        assert codes in (["ok"] * 10 + ["reservation_confirmed"] * 10, ["reservation_released"] * 10 + ["ok"] * 10)
    assert engine.audit(shop.pk) == []
