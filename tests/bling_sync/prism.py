"""Bling's own OpenAPI file, served as a mock that refuses what the file does not allow."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from basico_stock.environment import REPOSITORY

CONTRACTS = REPOSITORY.parent / "shared"
SPEC = CONTRACTS / "specs" / "bling-openapi.json"
SERVER = CONTRACTS / "tools" / "bling-mock" / "serve.js"
HOME = REPOSITORY / ".basico" / "prism"
PACKAGE = "@stoplight/prism-cli@5.14.2"
_START_SECONDS = 40


@contextmanager
def mock() -> Iterator[str]:
    """The mock's address; the test is skipped where it cannot run, with the reason."""
    _require()
    port = _free_port()
    # node looks for packages beside the program that it runs.
    program = HOME / SERVER.name
    program.write_text(SERVER.read_text(encoding="utf-8"), encoding="utf-8")
    command = ["node", str(program), str(SPEC), str(port)]
    process = subprocess.Popen(command, cwd=HOME, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def _require() -> None:
    for file in (SPEC, SERVER):
        if not file.is_file():
            pytest.skip(f"Bling's contract is not on this machine: {file.relative_to(REPOSITORY.parent)} is missing")
    if not shutil.which("node") or not shutil.which("npm"):
        pytest.skip("Bling's contract is served by node, which is not installed")
    if (HOME / "node_modules" / "@stoplight").is_dir():
        return
    HOME.mkdir(parents=True, exist_ok=True)
    install = ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(HOME), PACKAGE]
    if subprocess.run(install, capture_output=True, timeout=100, check=False).returncode != 0:
        pytest.skip(f"{PACKAGE} could not be installed")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, "the mock ended by itself"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail("the mock did not start")
