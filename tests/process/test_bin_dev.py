"""What a person at a terminal sees of `bin/dev`."""

import json
import os
import pty
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psutil
import pytest

from basico_stock.dev.local_services import Services
from basico_stock.dev.local_services.postgres_server import DATABASE
from basico_stock.environment import REPOSITORY
from reservations.models import StockItem
from sandbox.stand_in import PREFIX, Remote
from tests.process.dev_run import ANNOUNCED, PERSONAL, DevRun, dev_run, manage, processes_of
from tests.support.database import reached_at
from tests.support.free_port import free_port
from tests.support.patience import PATIENCE_SECONDS, wait_until
from tests.support.terminal import output_of

pytestmark = pytest.mark.timeout(600)


def get(url: str) -> int:
    """The status, or 0 when nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE_SECONDS) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def quantity(port: int, sku: str) -> int:
    """How many units of the demo shop's SKU a buyer may still reserve."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}/stock/{sku}")
    request.add_header("Authorization", "Api-Key demo-key")
    with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as response:
        return int(json.load(response)["quantity"])


def test_the_printed_curl_line_reserves_a_unit(running: DevRun) -> None:
    curl = next(line for line in running.lines if line.strip().startswith("curl"))
    answer = subprocess.run(["sh", "-c", f"{curl} --silent"], capture_output=True, text=True, check=True)
    assert json.loads(answer.stdout)["status"] == "active"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_closed_terminal_or_a_polite_kill_stops_everything(home: Path, number: signal.Signals) -> None:
    with dev_run(home) as run:
        run.wait_for("Starting web")
        run.process.send_signal(number)
        run.wait_ended()
        assert processes_of(home) == []


def test_a_terminal_that_is_gone_takes_everything_with_it(home: Path) -> None:
    ours, terminal = pty.openpty()
    environment = {**PERSONAL, "BASICO_HOME": str(home), "PORT": str(free_port())}
    run = subprocess.Popen(
        [str(REPOSITORY / "bin/dev")], env=environment, stdout=terminal, stderr=terminal, start_new_session=True
    )
    os.close(terminal)
    said = b""
    while b"Starting web" not in said:
        said += os.read(ours, 4096)
    os.close(ours)
    run.send_signal(signal.SIGHUP)
    assert run.wait(PATIENCE_SECONDS) == 0
    assert processes_of(home) == []


def test_without_any_standard_output_it_runs_as_quietly(home: Path) -> None:
    port = free_port()
    environment = {**PERSONAL, "BASICO_HOME": str(home), "PORT": str(port)}
    run = subprocess.Popen(["sh", "-c", f"exec '{REPOSITORY}/bin/dev' >&-"], env=environment, start_new_session=True)
    wait_until(lambda: get(f"http://127.0.0.1:{port}/readyz") == 200)
    run.terminate()
    assert run.wait(PATIENCE_SECONDS) == 0
    assert processes_of(home) == []


def test_a_killed_run_does_not_spoil_the_next_start_and_ctrl_c_leaves_no_process_behind(home: Path) -> None:
    port = free_port()
    with dev_run(home, port=port) as first:
        bling = Remote(first.wait_for(r"sandbox\.bling answers at").split()[-1].removesuffix(PREFIX))
        bling.post("movements", sku="SKU-BZC-001", operation="E", quantity=7)
        first.process.kill()
        first.process.wait()
        left = {process.pid for process in processes_of(home)}
        assert left
        with dev_run(home, port=port) as second:
            second.wait_for("an earlier run had left behind")
            second.wait_for(ANNOUNCED)
            assert not left & {process.pid for process in processes_of(home)}
            # A browser that knows nothing of the service finds the sandbox.
            assert get(f"http://127.0.0.1:{port}/") == 200
            # Bling's stand-in remembers, and the service asks it without anybody's doing.
            wait_until(lambda: quantity(port, "SKU-BZC-001") == 17), second.said
            assert len(processes_of(home)) >= 8
            assert second.interrupt() == 0
            assert processes_of(home) == []
            assert "Everything that was started has stopped." in second.said


def test_a_second_run_in_the_same_folder_is_refused_in_one_sentence(running: DevRun) -> None:
    # Not by dev_run, which would end every process of the folder with it.
    second = DevRun(running.home, free_port())
    assert second.wait_ended() == 1
    assert f"bin/dev already runs with its data in {running.home}" in second.said
    assert len(second.lines) == 1
    assert get(f"http://127.0.0.1:{running.port}/healthz") == 200


def test_a_busy_port_is_refused_before_anything_is_started(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with dev_run(tmp_path, port=port) as run:
            assert run.wait_ended() == 1
            assert f"Port {port} is in use by another program" in run.said
            assert len(run.lines) == 1
    assert not (tmp_path / "postgres").exists()


@pytest.mark.parametrize("place", ["a file", "a file/below"])
def test_a_home_that_cannot_be_written_is_refused_in_one_sentence(tmp_path: Path, place: str) -> None:
    (tmp_path / "a file").write_text("precious")
    with dev_run(tmp_path / place) as run:
        assert run.wait_ended() == 1
        assert f"{tmp_path / place} cannot be written" in run.said
        assert len(run.lines) == 1


@pytest.mark.parametrize("port", ["eighty", "0", "65536", "-1", "٨٠"])
def test_a_port_that_is_none_is_refused_in_one_sentence(tmp_path: Path, port: str) -> None:
    with dev_run(tmp_path, PORT=port) as run:
        assert run.wait_ended() == 1
        assert f"PORT={port} is not a port" in run.said
        assert len(run.lines) == 1


def test_manage_py_finds_the_running_database_by_itself(running: DevRun) -> None:
    done = manage(running.home, "set_stock", "SKU-NEW", "3")
    assert done.returncode == 0, done.stderr
    request = urllib.request.Request(f"http://127.0.0.1:{running.port}/stock/SKU-NEW")
    request.add_header("Authorization", "Api-Key demo-key")
    with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as response:
        assert json.load(response)["quantity"] == 3


@pytest.mark.django_db(transaction=True)
def test_stock_survives_a_stop_and_reset_forgets_it(home: Path) -> None:
    with started(home):
        output_of("set_stock", "SKU-KEPT", "7")
    with started(home):
        assert StockItem.objects.filter(sku="SKU-KEPT", on_hand=7).exists()
    with started(home, "--reset"):
        assert not StockItem.objects.filter(sku="SKU-KEPT").exists()
        assert StockItem.objects.exists()


@contextmanager
def started(home: Path, *arguments: str) -> Iterator[None]:
    """A run whose database is up to date, and which this process looks into, until Ctrl-C."""
    with dev_run(home, *arguments) as run:
        run.wait_for("Starting web")
        postgres = Services(home).postgres
        assert postgres
        with reached_at(str(postgres.sockets), DATABASE):
            yield
        run.interrupt()


def test_reset_refuses_a_database_that_is_not_the_local_one(tmp_path: Path) -> None:
    with dev_run(tmp_path, "--reset", DATABASE_URL="postgresql://somebody@db.invalid/precious") as run:
        assert run.wait_ended() == 1
        assert "--reset empties only the local database" in run.said


def test_a_part_that_dies_by_itself_is_started_again(running: DevRun) -> None:
    url = f"http://127.0.0.1:{running.port}/healthz"
    for part in ("basico_stock.web", "celery"):
        victim = _main_process(running.home, part)
        victim.kill()
        wait_until(partial(_was_replaced, running.home, part, victim.pid))
    wait_until(lambda: get(url) == 200)


def _was_replaced(home: Path, program: str, pid: int) -> bool:
    # Between the end of one process and the start of the next the list is empty.
    found = _processes(home, program)
    return bool(found) and all(process.pid != pid for process in found)


def _main_process(home: Path, program: str) -> psutil.Process:
    """The oldest process of `program` that still runs."""
    return min(_processes(home, program), key=lambda process: float(process.create_time()))


def _processes(home: Path, program: str) -> list[psutil.Process]:
    return [process for process in processes_of(home) if any(program in part for part in _command(process)[:3])]


def _command(process: psutil.Process) -> list[str]:
    """The command line, empty for a process that has ended meanwhile."""
    command: list[str] = []
    with suppress(psutil.NoSuchProcess):  # a zombie is one of them
        command = process.cmdline()
    return command


@pytest.mark.parametrize(("pid_file", "name"), [("postgres/postmaster.pid", "Postgres"), ("redis/redis.pid", "Redis")])
def test_a_killed_database_or_broker_runs_again_by_itself(running: DevRun, pid_file: str, name: str) -> None:
    os.kill(int((running.home / pid_file).read_text().split()[0]), signal.SIGKILL)
    running.wait_for(f"{name} had ended by itself and runs again")
    wait_until(lambda: get(f"http://127.0.0.1:{running.port}/readyz") == 200)


def test_an_empty_secret_stops_the_start_and_says_which(home: Path) -> None:
    with dev_run(home, SHOPIFY_API_SECRET="") as run:
        assert run.wait_ended() == 1
        assert "SHOPIFY_API_SECRET is empty" in run.said
    assert processes_of(home) == []


def test_once_sells_the_last_unit_to_one_of_fifty_buyers(home: Path) -> None:
    with dev_run(home, "--once") as run:
        assert run.wait_ended(120) == 0, run.said
        for promised in (
            "Ana reserves it: 200",
            "Beto reserves it: 409 out_of_stock",
            "Ana pays: 200 confirmed",
            "Carla pays too late: 410 reservation_expired",
            "1 x 200, 49 x 409",
            "Ledger row",
            "Audit: 0 differences",
            "The last unit was sold once.",
        ):
            assert promised in run.said
    assert processes_of(home) == []


def test_once_that_is_interrupted_has_not_succeeded(home: Path) -> None:
    with dev_run(home, "--once") as run:
        run.wait_for("Starting web")
        assert run.interrupt() == 130


@pytest.mark.parametrize(
    ("variable", "address", "sentence"),
    [
        ("DATABASE_URL", "postgresql://x@127.0.0.1:1/x", "The database of DATABASE_URL does not answer"),
        ("DATABASE_URL", "sqlite://:memory:", "does not lock rows: use PostgreSQL"),
        ("REDIS_URL", "redis://127.0.0.1:1/0", "The broker of REDIS_URL (or BROKER_URL) does not answer"),
    ],
)
def test_a_service_of_ones_own_that_will_not_do_is_named_in_a_few_lines(
    home: Path, variable: str, address: str, sentence: str
) -> None:
    with dev_run(home, port=free_port(), **{variable: address}) as run:
        assert run.wait_ended() == 1
        assert sentence in run.said
        assert "Traceback" not in run.said
        assert len(run.lines) < 10


def test_once_ends_with_an_error_when_a_promise_is_broken(running: DevRun) -> None:
    # The same walk against a service that answers everything with 404.
    with _service_that_knows_nothing() as port:
        done = subprocess.run(
            [sys.executable, "-m", "basico_stock.dev.once"],
            cwd=REPOSITORY,
            env={**PERSONAL, "BASICO_HOME": str(running.home), "HOST": "127.0.0.1", "PORT": str(port)},
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
    assert done.returncode == 1
    assert "PROMISE BROKEN: Ana reserves it: expected 200, got 404" in done.stdout


@contextmanager
def _service_that_knows_nothing() -> Iterator[int]:
    class NotFound(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(404)
            self.end_headers()
            self.wfile.write(b'{"code": "unknown_sku"}')

    with ThreadingHTTPServer(("127.0.0.1", 0), NotFound) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()
