"""PostgreSQL stands still, or Redis dies: the service answers what it can, and tells the rest when to try again."""

from functools import partial

from reservations import engine
from reservations.models import ApiKey
from tests.factories import make_shop, numbers, stock_of
from tests.support import stopwatch
from tests.support.buyer import Buyer
from tests.support.load import Load
from tests.support.patience import wait_until
from tests.support.rendezvous import at_once, raised, returned
from tests.support.stage import Stage
from tests.support.verdict import judge, settle
from tests.support.web import running_web

BUYERS = 12


def test_a_frozen_postgres_is_answered_by_503_in_time_while_the_process_says_that_it_lives(stage: Stage) -> None:
    shop = make_shop()
    sku, api_key = stock_of(shop, 1_000_000), ApiKey.issue(shop)[1]
    with running_web(**stage.environment) as web:
        load, doctor = Load(web.port, api_key, sku), Buyer(web.port, api_key)
        with load.running(buyers=BUYERS):
            load.wait_for(100)
            with stage.frozen_postgres():
                before = len(load.unanswered())
                wait_until(lambda: len(load.unanswered()) >= before + BUYERS)
                begun = stopwatch.now()
                assert doctor.get("/healthz").status == 200
                stopwatch.judge(stopwatch.now() - begun, promised=1.0)
                assert doctor.get("/readyz").status == 503
            load.wait_for(100)
        assert load.told("outcome_unknown") or load.told("unavailable")
        judge(shop, load)
        settle(shop, load, Buyer(web.port, api_key))


def test_a_whole_purchase_goes_on_while_redis_is_dead(stage: Stage) -> None:
    shop = make_shop()
    sku, key = stock_of(shop, 50), ApiKey.issue(shop)
    # Redis counts the limit: without Redis, the request goes through.
    key[0].requests_per_minute = 10_000
    key[0].save()
    with running_web(**stage.environment) as web:
        buyers = [Buyer(web.port, key[1]) for _ in range(10)]

        def buy(buyer: Buyer) -> str:
            return buyer.confirm(buyer.reserve(sku).body["reservation_id"]).code

        for buyer in buyers:
            assert buy(buyer) == "ok"
        stage.kill_redis()
        try:
            for _ in range(3):
                outcomes = at_once([partial(buy, buyer) for buyer in buyers])
                assert raised(outcomes) == []
                assert returned(outcomes) == ["ok"] * 10
        finally:
            stage.redis.start()
        assert buy(buyers[0]) == "ok"
    assert numbers(shop, sku) == (50, 0, 41)
    assert engine.audit(shop.pk) == []
