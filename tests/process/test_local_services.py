"""Real servers start on a laptop, wherever the project lies and however the last run ended."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from basico_stock.dev.local_services import LocalServiceError, Services, socket_folder
from tests.support.migrated_data import home_with

NOBODY_IN_PARTICULAR = 54_321


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Services]:
    """Services of a first run."""
    services = Services(tmp_path / "home")
    yield services
    services.stop()


@pytest.fixture
def services(fresh: Services, migrated_data: Path) -> Services:
    """Services that find the data of an earlier run: making a data folder takes longer than all else here."""
    home_with(migrated_data, fresh.home)
    return fresh


def ask(services: Services, question: str) -> str:
    assert services.postgres
    with psycopg.connect(services.postgres.url) as connection:
        row = connection.execute(question.encode()).fetchone()
        assert row
        return str(row[0])


def postmaster(services: Services) -> psutil.Process:
    assert services.postgres
    return psutil.Process(int((services.postgres.data / "postmaster.pid").read_text().split()[0]))


def test_postgresql_is_version_18_and_keeps_what_it_answered(fresh: Services) -> None:
    fresh.start()
    assert ask(fresh, "SHOW server_version").startswith("18.")
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        assert ask(fresh, f"SHOW {setting}") == "on"
    assert int(ask(fresh, "SHOW max_connections")) >= 100


def test_a_long_path_with_spaces_and_accents_is_no_obstacle(tmp_path: Path) -> None:
    home = tmp_path / "a folder with spaces, 'quotes' and ação" / ("long" * 40)
    services = Services(home)
    try:
        services.start()
        assert services.postgres
        assert len(f"{services.postgres.sockets}/.s.PGSQL.5432") < 104
        assert ask(services, "SHOW data_directory") == str(home / "postgres")
        assert services.redis
        assert redis.Redis.from_url(services.redis.url).ping()
    finally:
        services.stop()


def test_a_folder_that_only_its_owner_may_enter_is_no_obstacle(tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    services = Services(private / "home")
    try:
        services.start()
        assert ask(services, "SELECT 1") == "1"
        assert private.stat().st_mode & 0o777 == 0o700
    finally:
        services.stop()


def test_nothing_listens_on_the_network(services: Services) -> None:
    services.start()
    assert services.redis
    assert services.redis.process
    for process in (postmaster(services), psutil.Process(services.redis.process.pid)):
        kinds = {connection.family for connection in process.net_connections(kind="all")}
        assert kinds <= {socket.AF_UNIX}


def test_only_the_owner_may_enter_the_folder_of_the_sockets(services: Services) -> None:
    services.start()
    folder = socket_folder.directory(services.home)
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away (run as root)")
def test_a_socket_folder_that_somebody_else_made_is_refused(fresh: Services) -> None:
    folder = socket_folder.directory(fresh.home)
    folder.mkdir()
    os.chown(folder, NOBODY_IN_PARTICULAR, NOBODY_IN_PARTICULAR)
    try:
        with pytest.raises(LocalServiceError, match="belongs to somebody else"):
            fresh.start()
    finally:
        folder.rmdir()


def test_a_socket_folder_that_is_a_link_is_refused(fresh: Services, tmp_path: Path) -> None:
    folder = socket_folder.directory(fresh.home)
    folder.symlink_to(tmp_path)
    try:
        with pytest.raises(LocalServiceError, match="belongs to somebody else"):
            fresh.start()
    finally:
        folder.unlink()


@pytest.mark.skipif(
    os.geteuid() != 0 or sys.platform != "linux",
    reason="looks into /proc at what root gave away (run as root, on Linux)",
)
def test_postgresql_of_root_runs_as_an_account_without_rights(services: Services) -> None:
    services.start()
    server = postmaster(services)
    assert server.uids().real != 0
    rights = dict(line.split(":\t") for line in Path(f"/proc/{server.pid}/status").read_text().splitlines())
    override_file_permissions_only = 0b10
    assert int(rights["CapEff"], 16) | override_file_permissions_only == override_file_permissions_only


def test_data_survives_a_killed_server(services: Services) -> None:
    services.start()
    _execute(services, "CREATE TABLE kept AS SELECT 42 AS answer")
    postmaster(services).kill()
    services.start()
    assert ask(services, "SELECT answer FROM kept") == "42"


def test_a_pid_file_that_names_another_program_does_not_prevent_a_start(services: Services) -> None:
    services.start()
    services.stop()
    assert services.postgres
    bystander = subprocess.Popen(["sleep", "60"], user=_owner_of(services.postgres.data))
    try:
        stale = f"{bystander.pid}\n{services.postgres.data}\n{int(time.time())}\n5432\n\n\n\nready\n"
        (services.postgres.data / "postmaster.pid").write_text(stale)
        services.start()
        assert ask(services, "SELECT 1") == "1"
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


def test_a_server_left_by_a_killed_starter_is_stopped_before_the_next_start(services: Services) -> None:
    services.start()
    abandoned = postmaster(services)
    heir = Services(services.home)
    heir.start()
    assert not abandoned.is_running() or abandoned.status() == psutil.STATUS_ZOMBIE
    assert ask(heir, "SELECT 1") == "1"
    heir.stop()


def test_a_data_folder_half_made_is_made_anew(fresh: Services) -> None:
    fresh.home.mkdir(parents=True)
    (fresh.home / "postgres.new").mkdir()
    (fresh.home / "postgres.new" / "base").mkdir()
    fresh.start()
    assert ask(fresh, "SELECT 1") == "1"


def test_a_data_folder_half_erased_is_made_anew(fresh: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh.start()
    with monkeypatch.context() as patch:
        patch.setattr("shutil.rmtree", _killed_after_one_file)
        with pytest.raises(KeyboardInterrupt):
            fresh.erase()
    fresh.start()
    assert ask(fresh, "SELECT 1") == "1"
    fresh.erase()
    assert [folder for folder in fresh.home.iterdir() if "postgres." in folder.name and folder.is_dir()] == []


def _killed_after_one_file(folder: Path, **_: object) -> None:
    if folder.exists():
        (folder / "PG_VERSION").unlink()
        raise KeyboardInterrupt


def test_a_data_folder_of_something_else_is_left_alone(fresh: Services) -> None:
    (fresh.home / "postgres").mkdir(parents=True)
    precious = fresh.home / "postgres" / "thesis.txt"
    precious.write_text("ten years of work")
    with pytest.raises(LocalServiceError, match="is not a PostgreSQL data folder"):
        fresh.start()
    assert precious.read_text() == "ten years of work"


def test_stopping_ends_every_process_and_removes_the_sockets(services: Services) -> None:
    services.start()
    server = postmaster(services)
    services.stop()
    assert not server.is_running()
    assert not socket_folder.directory(services.home).exists()


def test_servers_whose_pid_files_were_removed_are_stopped_too(services: Services) -> None:
    services.start()
    servers = _servers(services)
    _remove_pid_files(services)
    services.stop()
    assert not any(server.is_running() for server in servers)


def test_servers_without_pid_files_left_by_a_killed_starter_do_not_prevent_a_start(services: Services) -> None:
    services.start()
    servers = _servers(services)
    _remove_pid_files(services)
    heir = Services(services.home)
    heir.start()
    assert ask(heir, "SELECT 1") == "1"
    assert not any(server.is_running() and server.status() != psutil.STATUS_ZOMBIE for server in servers)
    heir.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes files that the servers may not write over (run as root)")
def test_a_pid_file_that_the_server_may_not_write_over_does_not_hide_it(services: Services) -> None:
    assert services.redis
    services.redis.data.mkdir(parents=True)
    (services.redis.data / "redis.pid").write_text("1")
    services.start()
    assert services.redis.runs()


def test_a_data_folder_that_is_removed_while_its_server_runs_is_not_replaced_by_an_empty_one(
    services: Services,
) -> None:
    services.start()
    shutil.rmtree(services.home)
    with pytest.raises(LocalServiceError, match="is gone: start again"):
        services.revive()
    services.stop()
    assert not (services.home / "postgres").exists()


def _servers(services: Services) -> list[psutil.Process]:
    assert services.redis
    assert services.redis.process
    return [postmaster(services), psutil.Process(services.redis.process.pid)]


def _remove_pid_files(services: Services) -> None:
    for name in ("postgres/postmaster.pid", "redis/redis.pid"):
        (services.home / name).unlink()


def test_redis_keeps_nothing_on_the_disk(services: Services) -> None:
    services.start()
    assert services.redis
    redis.Redis.from_url(services.redis.url).set("key", "value")
    services.stop()
    assert list(services.redis.data.iterdir()) == []


def test_a_dead_server_is_revived_and_a_living_one_left_alone(services: Services) -> None:
    services.start()
    before = postmaster(services).pid
    assert services.revive() == []
    assert services.redis
    assert services.redis.process
    os.kill(services.redis.process.pid, signal.SIGKILL)
    services.redis.process.wait()
    assert services.revive() == ["Redis"]
    assert redis.Redis.from_url(services.redis.url).ping()
    assert postmaster(services).pid == before


def _execute(services: Services, statement: str) -> None:
    assert services.postgres
    with psycopg.connect(services.postgres.url) as connection:
        connection.execute(statement.encode())


def _owner_of(path: Path) -> int:
    return path.stat().st_uid
