"""The connection breaks at COMMIT: nobody knows the outcome, nobody guesses it, and the same key tells the truth."""

from collections.abc import Iterator
from functools import partial

import pytest
from django.db import connection

from reservations import engine
from reservations.models import Reservation, Shop
from tests.factories import by_id, hold, make_shop, numbers, settle_order, stock_of
from tests.support.blocker import holding_row
from tests.support.crowd import Crowd, in_queue
from tests.support.database import reached_at
from tests.support.keys import key
from tests.support.patience import wait_until
from tests.support.postgres_proxy import PostgresProxy
from tests.support.proxied_session import AtCommit

pytestmark = pytest.mark.django_db(transaction=True)

APPLIED = [AtCommit.ANSWER_IS_LOST, AtCommit.SERVER_SAYS_GOODBYE, AtCommit.ANSWER_NEVER_COMES]


@pytest.fixture
def proxy() -> Iterator[PostgresProxy]:
    """A proxy through which the service reaches PostgreSQL."""
    with PostgresProxy(connection.settings_dict["HOST"]) as proxy, reached_at(proxy.directory):
        yield proxy


def reserve(shop: Shop, name: str) -> tuple[engine.Reservation, ...]:
    return engine.reserve(shop.pk, [engine.Line("SKU-1", 1)], idempotency=key(name))


def reserve_again(shop: Shop, name: str) -> tuple[engine.Reservation, ...]:
    """Retry as a client does: for a moment PostgreSQL may not have noticed that the first try's connection is gone."""

    def tried() -> tuple[engine.Reservation, ...]:
        try:
            return reserve(shop, name)
        except engine.RequestInProgress:
            return ()

    return wait_until(tried)


def test_a_proxy_without_a_plan_changes_nothing(proxy: PostgresProxy) -> None:
    shop = make_shop()
    stock_of(shop, 9)
    # Often enough that psycopg prepares the statements.
    for _ in range(8):
        engine.confirm(shop.pk, by_id(hold(shop)))
    assert numbers(shop) == (9, 0, 8)


@pytest.mark.parametrize("loss", APPLIED, ids=lambda loss: loss.name)
def test_a_reservation_whose_answer_was_lost_is_found_by_its_key(proxy: PostgresProxy, loss: AtCommit) -> None:
    shop = make_shop()
    stock_of(shop, 5)
    proxy.at_next_commit(loss)
    with pytest.raises(engine.OutcomeUnknown):
        reserve(shop, "k")
    with pytest.raises(engine.AlreadyAnswered) as replay:
        reserve_again(shop, "k")
    (held,) = Reservation.objects.filter(shop=shop)
    assert replay.value.answer == engine.Answer(200, str(held.pk).encode())
    assert numbers(shop) == (5, 1, 0)
    assert engine.audit(shop.pk) == []


def test_a_reservation_whose_commit_never_arrived_is_made_by_the_second_try(proxy: PostgresProxy) -> None:
    shop = make_shop()
    stock_of(shop, 5)
    proxy.at_next_commit(AtCommit.NEVER_ARRIVES)
    with pytest.raises(engine.OutcomeUnknown):
        reserve(shop, "k")
    assert numbers(shop) == (5, 0, 0)
    (held,) = reserve_again(shop, "k")
    assert held.status == "active"
    assert numbers(shop) == (5, 1, 0)
    assert engine.audit(shop.pk) == []


@pytest.mark.parametrize("loss", AtCommit, ids=lambda loss: loss.name)
def test_a_confirm_that_is_repeated_after_the_loss_sells_once(proxy: PostgresProxy, loss: AtCommit) -> None:
    shop = make_shop()
    stock_of(shop, 5)
    held = hold(shop)
    proxy.at_next_commit(loss)
    with pytest.raises(engine.OutcomeUnknown):
        engine.confirm(shop.pk, by_id(held), order_id="1001")
    (sold,) = engine.confirm(shop.pk, by_id(held), order_id="1001")
    assert sold.status == "confirmed"
    assert numbers(shop) == (5, 0, 1)
    assert engine.audit(shop.pk) == []


@pytest.mark.parametrize("loss", AtCommit, ids=lambda loss: loss.name)
def test_a_whole_batch_is_told_that_nobody_knows_and_each_key_tells_its_truth(
    proxy: PostgresProxy, loss: AtCommit
) -> None:
    shop = make_shop()
    stock_of(shop, 50)
    crowd: Crowd[object] = Crowd()
    with holding_row(shop):
        for place in range(12):
            crowd.send(partial(reserve, shop, f"key-{place}"))
            wait_until(lambda place=place: in_queue(shop, "SKU-1") == place)  # type: ignore[misc]
        proxy.at_next_commit(loss)
    assert {type(outcome) for outcome in crowd.outcomes()} == {engine.OutcomeUnknown}
    applied = 0 if loss is AtCommit.NEVER_ARRIVES else 12
    assert numbers(shop) == (50, applied, 0)
    for place in range(12):
        if applied:
            with pytest.raises(engine.AlreadyAnswered):
                reserve_again(shop, f"key-{place}")
        else:
            assert reserve_again(shop, f"key-{place}")
    assert numbers(shop) == (50, 12, 0)
    assert engine.audit(shop.pk) == []


@pytest.mark.parametrize("loss", AtCommit, ids=lambda loss: loss.name)
def test_an_order_or_a_count_that_is_told_again_after_the_loss_counts_once(
    proxy: PostgresProxy, loss: AtCommit
) -> None:
    shop = make_shop()
    stock_of(shop, 5)
    for units in (2, 1):
        proxy.at_next_commit(loss)
        with pytest.raises(engine.OutcomeUnknown):
            settle_order(shop, "1001", units)
        settle_order(shop, "1001", units)
    assert numbers(shop) == (5, 0, 1)
    assert engine.audit(shop.pk) == []
