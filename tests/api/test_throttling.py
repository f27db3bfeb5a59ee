"""Requests per minute, for a key that has a limit."""

import logging
import time
from uuid import uuid4

import pytest
from django.conf import settings

from reservations.api.authentication import Caller
from reservations.api.throttle import WINDOW_SECONDS, SlidingWindow
from reservations.models import ApiKey
from tests.api.client import Merchant, body_of, outcome
from tests.factories import make_shop, stock_of

pytestmark = pytest.mark.django_db


def _merchant(requests_per_minute: int | None) -> Merchant:
    merchant = Merchant()
    ApiKey.objects.filter(shop=merchant.shop).update(requests_per_minute=requests_per_minute)
    stock_of(merchant.shop, 1_000)
    return merchant


def _caller(limit: int) -> Caller:
    return Caller(make_shop(), f"key:{uuid4()}", limit)


def _not_at_the_end_of_a_minute(window: SlidingWindow) -> None:
    while window._redis.time()[0] % WINDOW_SECONDS >= WINDOW_SECONDS - 2:
        time.sleep(0.1)


def test_a_key_is_served_up_to_its_limit_and_told_when_to_come_back() -> None:
    merchant = _merchant(3)
    assert [outcome(merchant.get("/stock/SKU-1"))[0] for _ in range(3)] == [200] * 3
    response = merchant.post("/stock/SKU-1/reserve")
    assert outcome(response) == (429, "throttled")
    assert 1 <= int(response["Retry-After"]) <= WINDOW_SECONDS * 2
    assert response["Retry-After"] in body_of(response)["detail"]


def test_a_key_without_a_limit_is_never_told_to_wait() -> None:
    merchant = _merchant(None)
    assert {outcome(merchant.get("/stock/SKU-1"))[0] for _ in range(50)} == {200}


def test_one_keys_limit_is_nobody_elses() -> None:
    merchant = _merchant(1)
    second = Merchant(merchant.shop, ApiKey.issue(merchant.shop)[1])
    assert outcome(merchant.get("/stock/SKU-1"))[0] == 200
    assert outcome(merchant.get("/stock/SKU-1"))[0] == 429
    assert outcome(second.get("/stock/SKU-1"))[0] == 200


def test_a_forwarded_address_buys_no_further_requests() -> None:
    merchant = _merchant(1)
    merchant.get("/stock/SKU-1")
    statuses = {
        merchant.get("/stock/SKU-1", **{"X-Forwarded-For": f"10.0.0.{number}"}).status_code for number in range(20)
    }
    assert statuses == {429}


def test_what_the_last_minute_served_fades_out_and_does_not_vanish() -> None:
    window, caller = SlidingWindow(settings.REDIS_URL), _caller(10)
    _not_at_the_end_of_a_minute(window)
    for _ in range(10):
        assert window.seconds_to_wait(caller) == 0
    wait = window.seconds_to_wait(caller)
    name = f"throttle:{caller.credential}"
    minute = int(window._redis.hget(name, "minute"))  # type: ignore[arg-type]
    window._redis.hset(name, "minute", str(minute - 1))
    passed = 0
    while window.seconds_to_wait(caller) == 0:
        passed += 1
    seconds, _ = window._redis.time()
    gone = seconds % WINDOW_SECONDS / WINDOW_SECONDS
    assert abs(passed - 10 * gone) <= 1
    assert wait > 0


def test_a_refused_request_does_not_prolong_the_wait() -> None:
    window, caller = SlidingWindow(settings.REDIS_URL), _caller(2)
    waits = [window.seconds_to_wait(caller) for _ in range(50)]
    assert waits[:2] == [0, 0]
    assert min(waits[2:]) > 0
    assert max(waits[2:]) - min(waits[2:]) <= 1


def test_without_redis_everyone_is_let_through_and_the_log_says_so_once(caplog: pytest.LogCaptureFixture) -> None:
    window, caller = SlidingWindow("unix:///nowhere/redis.sock"), _caller(1)
    with caplog.at_level(logging.WARNING):
        assert {window.seconds_to_wait(caller) for _ in range(100)} == {0}
    assert len([record for record in caplog.records if "not enforced" in record.message]) == 1
