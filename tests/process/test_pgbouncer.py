"""The service behind a real PgBouncer in transaction mode: the last unit is still sold once."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from basico_stock import database
from basico_stock.dev.local_services import Services
from tests.process.dev_run import dev_run
from tests.support.migrated_data import home_with
from tests.support.patience import wait_until
from tests.support.requirement import is_required, told

PROGRAM = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
POOLED_CONNECTIONS = 5

pytestmark = pytest.mark.skipif(
    not PROGRAM and not is_required("REQUIRE_PGBOUNCER"),
    reason=told("pgbouncer is not installed", "REQUIRE_PGBOUNCER"),
)


@pytest.fixture
def pooled_url(tmp_path: Path, migrated_data: Path) -> Iterator[str]:
    """The address of a PgBouncer with few connections, in front of a PostgreSQL of its own.

    It has its tables, for `release` makes them past PgBouncer.
    """
    services = Services(home_with(migrated_data, tmp_path / "database"), redis=False)
    services.start()
    folder = Path(tempfile.mkdtemp(prefix="pgbouncer-", dir="/tmp"))
    services.account.own(folder)
    _make_role(services)
    (folder / "pgbouncer.ini").write_text(_configuration(services, folder))
    (folder / "users.txt").write_text('"app" ""\n')
    bouncer = _start(services, folder)
    yield f"postgresql://app@/bazico?host={folder}&port=6432"
    bouncer.terminate()
    bouncer.wait()
    services.stop()
    shutil.rmtree(folder)


def _make_role(services: Services) -> None:
    """The role with the limits that start-up options would set elsewhere."""
    assert services.postgres
    with psycopg.connect(services.postgres.url) as connection:
        connection.execute("CREATE ROLE app LOGIN")
        connection.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO app")
        connection.execute("GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO app")
        connection.execute(f"ALTER ROLE app SET lock_timeout = {database.LOCK_TIMEOUT_MS}".encode())
        connection.execute(f"ALTER ROLE app SET statement_timeout = {database.STATEMENT_TIMEOUT_MS}".encode())


def _configuration(services: Services, folder: Path) -> str:
    assert services.postgres
    return f"""
[databases]
bazico = host={services.postgres.sockets} dbname=bazico user=app
[pgbouncer]
pool_mode = transaction
default_pool_size = {POOLED_CONNECTIONS}
listen_addr =
listen_port = 6432
unix_socket_dir = {folder}
auth_type = any
auth_file = {folder}/users.txt
"""


def _start(services: Services, folder: Path) -> subprocess.Popen[bytes]:
    assert PROGRAM, "REQUIRE_PGBOUNCER is set and pgbouncer is not installed"
    account = services.account
    identity = {"user": account.uid, "group": account.gid, "extra_groups": []} if account.changes else {}
    bouncer = subprocess.Popen([PROGRAM, "--quiet", folder / "pgbouncer.ini"], **identity)  # type: ignore[call-overload]
    wait_until((folder / ".s.PGSQL.6432").exists, "PgBouncer listens")
    return bouncer  # type: ignore[no-any-return]


def test_the_last_unit_is_sold_once_behind_pgbouncer_in_transaction_mode(tmp_path: Path, pooled_url: str) -> None:
    with dev_run(tmp_path / "home", "--once", DATABASE_URL=pooled_url, DATABASE_VIA_PGBOUNCER="1") as run:
        assert run.wait_ended() == 0, run.said
        assert "The last unit was sold once." in run.said
