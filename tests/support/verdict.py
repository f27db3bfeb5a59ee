"""Judges what must be true after any fault, from the clients' journal and the database."""

import time

from reservations import engine
from reservations.models import IdempotencyRecord, Reservation, Shop

from . import stopwatch
from .buyer import Answer, Buyer
from .load import Load

# What the API may answer to a reserve of a known SKU. Each answer of the second set says when to try again.
TELLS_AN_OUTCOME = {"ok", "out_of_stock"}
LEAVES_IT_OPEN = {"busy", "unavailable", "outcome_unknown", "request_in_progress"}
DEADLINE_SECONDS = 5.0
TRIES = 5


def judge(shop: Shop, load: Load) -> None:
    """Fail unless the service kept every promise that a client could rely on; seconds where the machine is quiet."""
    assert engine.audit(shop.pk) == []
    assert load.attempts
    for attempt in load.attempts:
        if attempt.answer is not None:
            assert attempt.answer.code in TELLS_AN_OUTCOME | LEAVES_IT_OPEN, attempt
            assert attempt.answer.code in TELLS_AN_OUTCOME or attempt.answer.retry_after, attempt
        stopwatch.judge(attempt.seconds, promised=DEADLINE_SECONDS)
    stored = {str(pk) for pk in Reservation.objects.filter(shop=shop, status="active").values_list("pk", flat=True)}
    answered = {attempt.answer.body["reservation_id"] for attempt in load.told("ok") if attempt.answer}
    assert len(answered) == len(load.told("ok"))
    assert answered <= stored, "an answered reservation is gone"
    assert IdempotencyRecord.objects.filter(shop=shop).count() == len(stored), "a reservation without its key's record"


def truth_of(buyer: Buyer, sku: str, key: str) -> Answer:
    """Send an open request again, with its key, whenever the answer says when; returns its final answer."""
    for _ in range(TRIES):
        answer = buyer.reserve(sku, key=key)
        if answer.code not in LEAVES_IT_OPEN:
            return answer
        time.sleep(float(answer.retry_after or 1))
    raise AssertionError(f"still open after {TRIES} tries: {answer}")


def settle(shop: Shop, load: Load, buyer: Buyer) -> None:
    """Repeat every open request with its key; afterwards each key stands for one reservation."""
    told = {attempt.key: attempt.answer.body["reservation_id"] for attempt in load.told("ok") if attempt.answer}
    for attempt in load.unanswered():
        answer = truth_of(buyer, load.sku, attempt.key)
        assert answer.status == 200, answer
        told[attempt.key] = answer.body["reservation_id"]
    assert len(set(told.values())) == len(told)
    stored = Reservation.objects.filter(shop=shop).values_list("pk", flat=True)
    assert sorted(map(str, stored)) == sorted(told.values())
    assert engine.audit(shop.pk) == []
