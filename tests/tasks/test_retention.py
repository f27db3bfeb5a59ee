"""Retention: the service keeps answers while a retry may ask for them, then deletes them."""

from datetime import timedelta

import pytest

from reservations import retention
from reservations.models import IdempotencyRecord, Refusal, RefusalReason, Shop
from tests.factories import database_now, item, make_shop, stock_of
from tests.support.rendezvous import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def records(shop: Shop, count: int, *, age: timedelta) -> None:
    at = database_now() - age
    made = (
        IdempotencyRecord(
            shop=shop, credential="key:1", key=f"{age}-{n}", fingerprint=b"f", status=200, body=b"{}", created_at=at
        )
        for n in range(count)
    )
    IdempotencyRecord.objects.bulk_create(made)


def test_an_answer_goes_after_two_days_and_not_before() -> None:
    shop = make_shop()
    records(shop, 2, age=timedelta(hours=48, seconds=1))
    records(shop, 3, age=timedelta(hours=47, minutes=59))
    assert retention.prune_idempotency_records() == 2
    assert IdempotencyRecord.objects.count() == 3


def test_every_shop_is_pruned_in_steps_until_nothing_old_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    for _ in range(2):
        records(make_shop(), 5, age=timedelta(days=3))
    assert retention.prune_idempotency_records() == 10
    assert not IdempotencyRecord.objects.exists()


def test_a_round_whose_time_is_over_deletes_nothing_more() -> None:
    records(make_shop(), 5, age=timedelta(days=3))
    assert retention.prune_idempotency_records(seconds=0) == 0
    assert IdempotencyRecord.objects.count() == 5


def test_rounds_at_once_delete_each_answer_once_and_disturb_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 10)
    records(make_shop(), 200, age=timedelta(days=3))
    outcomes = at_once([retention.prune_idempotency_records] * 4)
    left = IdempotencyRecord.objects.count()
    assert sum(count for count in outcomes if isinstance(count, int)) + left == 200
    assert retention.prune_idempotency_records() == left


def refusals_of(shop: Shop, *ages: timedelta) -> None:
    stock_of(shop, 0)
    now, reason = database_now(), RefusalReason.OUT_OF_STOCK
    Refusal.objects.bulk_create(
        Refusal(
            shop=shop, stock_item=item(shop), reason=reason, minute=now - age, last_at=now - age, refusals=1, units=1
        )
        for age in ages
    )


def test_a_count_of_refusals_goes_after_thirty_days_and_not_before() -> None:
    old, young = timedelta(days=30, minutes=1), timedelta(days=29, hours=23)
    for _ in range(2):
        refusals_of(make_shop(), old, old + timedelta(days=3), young)
    assert retention.prune_refusals(seconds=0) == 0
    assert retention.prune_refusals() == 4
    assert Refusal.objects.count() == 2
    assert retention.prune_refusals() == 0
