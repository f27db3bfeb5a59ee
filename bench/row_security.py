"""`python -m bench.row_security`: what row-level security costs a buyer's request, with and without, turn by turn.

Three databases of one server, alike but for the wall: `keys` as it is today; `setting`, where each transaction says for
which shop it works and nothing reads that; `wall`, where a policy on every tenant's table reads it, forced, for a role
that owns nothing. A round gives each a turn, in a drawn order; a figure is the median of the rounds' ratios to `keys`.
"""

import argparse
import random
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit

import psycopg

from bench import testbed

ARMS = ("keys", "setting", "wall")
ROLE = "web_of_one_shop"
SKU, UNITS, BATCH = "SKU-1", 1_000_000, 16
# Transactions before the databases are copied.
_BEFORE = 800
_TENANTS = """
SELECT c.relname FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attname = 'shop_id' AND NOT a.attisdropped
"""
# Nothing where nobody said which shop.
_OWN = "shop_id = nullif(current_setting('bazico.shop', true), '')::bigint"


class Cost(NamedTuple):
    """Seconds for each transaction of a turn: by the clock, of our processor, of PostgreSQL's."""

    clock: float
    ours: float
    server: float


# Carries out so many transactions; told the statement that names the shop, or "".
Work = Callable[[int, str], None]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.row_security")
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--transactions", type=int, default=200, help="in each turn")
    asked = parser.parse_args()
    with testbed.services() as services:
        assert services.postgres
        shop_id = _shop_with_stock()
        tables = _copies(services.postgres.url)
        print(f"{len(tables)} tables with a shop_id; {asked.rounds} rounds of {asked.transactions} transactions an arm")
        with ThreadPoolExecutor(1) as keys, ThreadPoolExecutor(1) as setting, ThreadPoolExecutor(1) as wall:
            threads = dict(zip(ARMS, (keys, setting, wall), strict=True))
            for arm, thread in threads.items():
                thread.submit(_connect, arm).result()
            for name, work in _works(shop_id).items():
                _tell(name, _rounds(threads, shop_id, work, asked.rounds, asked.transactions))


def _shop_with_stock() -> int:
    from django.db import connection

    from reservations import engine
    from reservations.models import Shop

    shop = Shop.objects.create(domain="row-security.myshopify.com")
    for number in range(2_000):
        Shop.objects.create(domain=f"other-{number}.myshopify.com")
    engine.apply_count(shop.pk, SKU, UNITS)
    # A ledger and reservations as after a sale: on empty tables a plan that was made early reads all of them later.
    _works(shop.pk)[f"batches of {BATCH}"](_BEFORE, "")
    connection.close()
    connection.close_pool()
    return int(shop.pk)


def _copies(url: str) -> list[str]:
    """Make the three databases, and the wall in the last of them."""
    with psycopg.connect(_named(url, "postgres"), autocommit=True) as server:
        # Statistics that come in the middle would change the plans of one arm before those of another.
        server.execute("ALTER SYSTEM SET autovacuum = off")
        server.execute("SELECT pg_reload_conf()")
        server.execute(f"CREATE ROLE {ROLE} LOGIN NOSUPERUSER NOBYPASSRLS")
        for arm in ARMS:
            server.execute(f"CREATE DATABASE arm_{arm} TEMPLATE {urlsplit(url).path.lstrip('/')}")
    for arm in ARMS:
        with psycopg.connect(_named(url, f"arm_{arm}"), autocommit=True) as database:
            database.execute(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {ROLE}")
            database.execute("VACUUM ANALYZE")
            database.execute(f"GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {ROLE}")
            tables = [row[0] for row in database.execute(_TENANTS)]
            for table in tables if arm == "wall" else ():
                database.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
                database.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
                database.execute(f"CREATE POLICY own ON {table} TO {ROLE} USING ({_OWN}) WITH CHECK ({_OWN})")
    return tables


def _named(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _connect(arm: str) -> None:
    """This thread's connection: the arm's database, as the role."""
    from django.db import connection

    known = {**connection.settings_dict, "NAME": f"arm_{arm}", "USER": ROLE}
    known["OPTIONS"] = {name: value for name, value in known["OPTIONS"].items() if name != "pool"}
    connection.settings_dict = known
    connection.ensure_connection()


def _works(shop_id: int) -> dict[str, Work]:
    from reservations.engine.book.transaction import Query, committed_reads, open_transaction
    from reservations.engine.flash_sale.commands import Release, Reserve
    from reservations.engine.flash_sale.group_commit import execute
    from reservations.engine.stock import _STOCK
    from reservations.engine.values import ByIds, Line

    def batches(size: int) -> Work:
        reserves = [Reserve(shop_id, (Line(SKU, 1),), None) for _ in range(size)]

        def work(transactions: int, setting: str) -> None:
            # A reserve and the release of its holds, by turns: the book stays as long as it was.
            for _ in range(transactions // 2):
                held = execute(reserves, limits=setting)
                ids = tuple(line.reservation_id for outcome in held for line in outcome)  # type: ignore[union-attr]
                execute([Release(shop_id, ByIds(ids), "")], limits=setting)

        return work

    def reads(transactions: int, setting: str) -> None:
        for _ in range(transactions):
            if not setting:
                with committed_reads() as statements:
                    statements.fetch(_STOCK, (shop_id, SKU))
                continue
            # The setting ends with its transaction, so a read needs one: in one trip, by the engine's pipeline.
            with open_transaction() as tx:
                query = Query(_STOCK, (shop_id, SKU))
                tx.send(Query(setting), query)
                assert query.rows

    return {f"batches of {BATCH}": batches(BATCH), "single requests": batches(1), "reads of one SKU's stock": reads}


def _rounds(
    threads: dict[str, ThreadPoolExecutor], shop_id: int, work: Work, rounds: int, transactions: int
) -> list[dict[str, Cost]]:
    setting = f"SET LOCAL bazico.shop = '{shop_id}'"
    found = []
    # The first two warm the plans.
    for number in range(rounds + 2):
        order = random.sample(ARMS, len(ARMS))
        turn = {
            arm: threads[arm].submit(_turn, work, transactions, "" if arm == "keys" else setting).result()
            for arm in order
        }
        if number >= 2:
            found.append(turn)
    return found


def _turn(work: Work, transactions: int, setting: str) -> Cost:
    from django.db import connection

    server = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    before = (time.perf_counter(), time.thread_time(), int(server.read_text().split()[0]) / 1e9)
    work(transactions, setting)
    after = (time.perf_counter(), time.thread_time(), int(server.read_text().split()[0]) / 1e9)
    return Cost(*((end - start) / transactions for start, end in zip(before, after, strict=True)))


def _tell(name: str, rounds: list[dict[str, Cost]]) -> None:
    print(f"\n{name}: microseconds a transaction (median), and the median ratio to `keys` [quartiles]")
    for arm in ARMS:
        told = []
        for kind in Cost._fields:
            values = [getattr(turn[arm], kind) for turn in rounds]
            ratios = [getattr(turn[arm], kind) / getattr(turn["keys"], kind) for turn in rounds]
            low, middle, high = statistics.quantiles(ratios, n=4)
            told.append(f"{kind} {statistics.median(values) * 1e6:7.0f} x{middle:.3f} [{low:.3f} {high:.3f}]")
        print(f"  {arm:8} {'   '.join(told)}")


if __name__ == "__main__":
    main()
