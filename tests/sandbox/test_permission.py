"""Stand-ins run in a sandbox and nowhere else, on loopback and nowhere else."""

import ast
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import requests
from pytest_django import Settings

import sandbox.bling
import sandbox.shopify
from basico_stock.environment import REPOSITORY
from sandbox.permission import NotASandbox
from sandbox.ports import BLING_OFFSET, Ports, environment, ports_beside, processes
from tests.sandbox.bling.client import CLIENT
from tests.support.patience import PATIENCE_SECONDS

MODULES = ("sandbox.bling", "sandbox.shopify")


def _start(module: str, values: Mapping[str, str], *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=REPOSITORY,
        env={**os.environ, **values},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize("values", [{"SANDBOX": "0"}, {"DEBUG": "0", "SANDBOX": "1"}])
def test_a_stand_in_refuses_to_start_outside_a_sandbox_and_says_why(module: str, values: dict[str, str]) -> None:
    process = _start(module, values)
    output, complaint = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 1
    assert output == ""
    assert complaint.startswith("Stand-ins run ")
    assert len(complaint.splitlines()) == 1


def test_no_stand_in_can_be_made_inside_a_production_process(settings: Settings) -> None:
    settings.DEVELOPMENT = False
    with pytest.raises(NotASandbox):
        sandbox.bling.serve(*CLIENT)
    with pytest.raises(NotASandbox):
        sandbox.shopify.serve(*CLIENT)


@pytest.mark.parametrize("module", MODULES)
def test_a_stand_in_answers_as_a_process_and_ends_when_asked(module: str) -> None:
    process = _start(module, {}, "--public-url", "http://127.0.0.1:8000")
    try:
        assert process.stdout
        line = process.stdout.readline()
        control = line.split()[-1]
        assert "POST faults" in requests.get(control, timeout=PATIENCE_SECONDS).json()
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0


def test_a_stand_in_listens_on_loopback_only() -> None:
    with sandbox.bling.serve(*CLIENT) as serving:
        port = int(serving.url.rpartition(":")[2])
        assert serving.url.startswith("http://127.0.0.1:")
        with socket.socket() as other:  # another address of this machine, which the port is not taken on
            other.bind(("127.0.0.2", port))


def test_the_demo_products_are_the_same_at_both() -> None:
    with sandbox.bling.serve(*CLIENT) as bling, sandbox.shopify.serve(*CLIENT) as shopify:
        counted = {row["sku"]: row["physical"] for row in bling.control.get("balances")["balances"]}
        shown = {
            row["sku"]: next(iter(row["levels"].values()))["available"]
            for row in shopify.control.get("variants")["variants"]
        }
        assert counted == shown == {"SKU-BZC-001": 10, "SKU-BZC-002": 5}
        assert shopify.control.get("stores")["stores"][0]["shop"] == "bazico-demo.myshopify.com"


@pytest.mark.parametrize("port", [8000, 65_000])
def test_every_stand_in_has_a_port_of_its_own_beside_the_service(port: int) -> None:
    ports = ports_beside(port)
    assert len({port, ports.bling, ports.shopify}) == 3
    assert all(1_023 < one < 65_536 for one in (ports.bling, ports.shopify))


def test_a_stand_in_whose_port_is_taken_gets_another() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]
        web = number - BLING_OFFSET if number > 2_048 else number + BLING_OFFSET
        assert ports_beside(web).bling not in (web, number)


def test_the_addresses_lead_to_where_the_processes_listen() -> None:
    ports = Ports(bling=9_001, shopify=9_002)
    assert processes(ports, Path("/home/of ana")) == {
        "bling": "python -m sandbox.bling --port 9001 --books '/home/of ana/bling.books'",
        "shopify": "python -m sandbox.shopify --port 9002 --books '/home/of ana/shopify.books'",
    }
    assert environment(ports) == {
        "BLING_API_URL": "http://127.0.0.1:9001/Api/v3",
        "BLING_AUTHORIZE_URL": "http://127.0.0.1:9001/Api/v3/oauth/authorize",
        "SHOPIFY_ADMIN_URL": "http://127.0.0.1:9002/{shop}",
    }


# The sandbox's pages are views of the service, and may import it.
PAGES = REPOSITORY / "sandbox" / "pages"
STAND_INS = [path for path in sorted((REPOSITORY / "sandbox").rglob("*.py")) if PAGES not in path.parents]


@pytest.mark.parametrize("path", STAND_INS, ids=lambda path: path.stem)
def test_a_stand_in_knows_nothing_of_the_service_that_calls_it(path: Path) -> None:
    nodes = list(ast.walk(ast.parse(path.read_text())))
    imported = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    assert not {name.partition(".")[0] for name in imported} & {"reservations", "bling_sync", "basico_stock"}
