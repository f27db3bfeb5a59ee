"""PostgreSQL dies in the middle of a sale: every answer given is kept, and the service recovers by itself."""

from reservations.models import ApiKey
from tests.factories import make_shop, stock_of
from tests.support import stopwatch
from tests.support.buyer import Buyer
from tests.support.load import Load
from tests.support.stage import Stage
from tests.support.verdict import judge, settle
from tests.support.web import running_web

CRASHES = 3
HEALED_SECONDS = 10.0


def test_every_answered_reservation_outlives_three_crashes_of_postgres(stage: Stage) -> None:
    shop = make_shop()
    sku, api_key = stock_of(shop, 1_000_000), ApiKey.issue(shop)[1]
    with running_web(**stage.environment) as web:
        processes = {worker.pid for worker in web.workers()}
        load = Load(web.port, api_key, sku)
        with load.running(buyers=12):
            for _ in range(CRASHES):
                load.wait_for(100)
                stage.crash_postgres()
                load.wait_for(1, "unavailable")
                stage.postgres.start()
                stopwatch.judge(load.wait_for(100), promised=HEALED_SECONDS)
        judge(shop, load)
        settle(shop, load, Buyer(web.port, api_key))
        assert {worker.pid for worker in web.workers()} == processes, "a web process did not survive"
