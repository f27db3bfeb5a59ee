"""A lease has one holder at a time, by the database's clock, and keeps no connection and no transaction."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.utils import timezone

import plumbing
from plumbing.lease import Lease, from_now
from reservations.models import ShopifyInstallation
from tests.factories import make_shop

pytestmark = pytest.mark.django_db(transaction=True)

PRODUCT = [Path(plumbing.__file__).parents[1] / name for name in ("plumbing", "reservations", "bling_sync", "staff")]


@pytest.fixture
def shop_id() -> int:
    """A shop whose row can carry a lease."""
    return ShopifyInstallation.objects.create(shop=make_shop(), installed_at=timezone.now()).shop_id


def lease(shop_id: int) -> Lease:
    """The lease, for one more worker who wants it."""
    return Lease(ShopifyInstallation.objects.filter(shop=shop_id), holder="lease", until="lease_until")


def run_out(shop_id: int) -> None:
    ShopifyInstallation.objects.filter(shop=shop_id).update(lease_until=from_now(0))


def test_of_many_at_once_one_has_it(shop_id: int) -> None:
    together = threading.Barrier(8)

    def take() -> bool:
        together.wait()
        try:
            return lease(shop_id).take(60)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as crowd:
        assert sorted(tried.result() for tried in [crowd.submit(take) for _ in range(8)]) == [False] * 7 + [True]


def test_who_comes_while_it_is_held_gets_nothing_and_afterwards_gets_it(shop_id: int) -> None:
    with lease(shop_id).held(60) as first, lease(shop_id).held(60) as second:
        assert first is not None and second is None
    with lease(shop_id).held(60) as third:
        assert third is not None


def test_it_is_given_back_also_where_the_work_failed(shop_id: int) -> None:
    with pytest.raises(ZeroDivisionError), lease(shop_id).held(60):
        raise ZeroDivisionError
    assert lease(shop_id).take(60)


def test_a_dead_holder_blocks_nobody_for_longer_than_it_asked_for(shop_id: int) -> None:
    assert lease(shop_id).take(60)
    run_out(shop_id)
    assert lease(shop_id).take(60)


def test_a_holder_that_was_too_slow_writes_nothing_and_takes_nothing_back(shop_id: int) -> None:
    slow, quick = lease(shop_id), lease(shop_id)
    assert slow.take(60)
    run_out(shop_id)
    assert quick.take(60)
    assert slow.mine.update(problem="written by the slow one") == 0
    assert not slow.renew(60)
    slow.give_back()
    assert quick.mine.exists()
    assert not lease(shop_id).take(60)


def test_a_holder_keeps_what_nobody_took_though_its_time_was_over(shop_id: int) -> None:
    slow = lease(shop_id)
    assert slow.take(60)
    run_out(shop_id)
    assert slow.renew(60)
    assert not lease(shop_id).take(60)


def test_the_end_is_told_by_the_clock_and_not_by_the_beginning_of_a_transaction(shop_id: int) -> None:
    with transaction.atomic():
        ShopifyInstallation.objects.filter(shop=shop_id).exists()  # the transaction's own time stands still from here
        assert lease(shop_id).take(0.001)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.01)")
        assert lease(shop_id).take(60)


def test_no_lock_of_a_database_session_stands_in_for_a_lease() -> None:
    # Through PgBouncer's transaction mode the next statement may run in another session.
    session_lock = re.compile(r"pg_(try_)?advisory_(lock|unlock)")
    files = [path for package in PRODUCT for path in package.rglob("*.py")]
    assert [str(path) for path in files if session_lock.search(path.read_text())] == []
