"""A deployment asks the web program to stop: it answers the requests that it has begun."""

import threading
import time
from pathlib import Path

import pytest

from reservations import engine
from reservations.models import ApiKey
from tests.factories import make_shop, numbers, stock_of
from tests.support.blocker import holding_row
from tests.support.buyer import Buyer
from tests.support.database import address
from tests.support.load import Load
from tests.support.patience import PATIENCE_SECONDS, wait_until
from tests.support.verdict import judge, settle
from tests.support.web import Web, running_web

pytestmark = pytest.mark.django_db(transaction=True)


def stop_soon(web: Web) -> tuple[threading.Thread, list[int]]:
    """Send SIGTERM, and wait in a thread for the end; it appends the exit status to the list."""
    status: list[int] = []
    waiting = threading.Thread(target=lambda: status.append(web.stop()))
    waiting.start()
    return waiting, status


def unread(port: int) -> int:
    """Bytes that were sent to this port and not read yet, as Linux tells; elsewhere they are read while we sleep."""
    table = Path("/proc/net/tcp")
    if not table.exists():
        time.sleep(0.5)
        return 0
    rows = [line.split() for line in table.read_text().splitlines()[1:]]
    return sum(int(row[4].partition(":")[2], 16) for row in rows if row[1].endswith(f":{port:04X}"))


def test_requests_in_flight_are_answered_before_the_program_ends() -> None:
    shop = make_shop()
    sku, api_key = stock_of(shop, 100), ApiKey.issue(shop)[1]
    with running_web(DATABASE_URL=address()) as web:
        with holding_row(shop, sku):
            buyers = [Buyer(web.port, api_key) for _ in range(20)]
            for buyer in buyers:
                buyer.ask("POST", f"/stock/{sku}/reserve", b'{"quantity": 1}', {})
            wait_until(lambda: unread(web.port) == 0, "the server has begun all requests")
            waiting, status = stop_soon(web)
            wait_until(lambda: "Shutting down" in web.log.read_text())
            assert not status
        assert [buyer.answer().status for buyer in buyers] == [200] * 20
        waiting.join(PATIENCE_SECONDS)
    assert status == [0]
    assert numbers(shop, sku) == (100, 20, 0)
    assert engine.audit(shop.pk) == []


def test_a_program_that_is_asked_to_stop_under_load_leaves_nothing_half_done() -> None:
    shop = make_shop()
    sku, api_key = stock_of(shop, 1_000_000), ApiKey.issue(shop)[1]
    with running_web(DATABASE_URL=address()) as web:
        load = Load(web.port, api_key, sku)
        with load.running(buyers=16):
            load.wait_for(200)
            assert web.stop() == 0
    judge(shop, load)
    with running_web(DATABASE_URL=address()) as web:
        settle(shop, load, Buyer(web.port, api_key))
