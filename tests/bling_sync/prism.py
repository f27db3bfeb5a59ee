"""Serves Bling's own OpenAPI file as a mock that refuses what the file does not allow."""

import fcntl
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from basico_stock.environment import REPOSITORY
from tests.support.free_port import free_port
from tests.support.patience import PATIENCE_SECONDS, wait_until
from tests.support.requirement import absent

CONTRACTS = REPOSITORY.parent / "shared"
SPEC = CONTRACTS / "specs" / "bling-openapi.json"
SERVER = CONTRACTS / "tools" / "bling-mock" / "serve.js"
HOME = REPOSITORY / ".basico" / "prism"
PACKAGE = "@stoplight/prism-cli@5.14.2"
# Exists once the installation is complete.
INSTALLED = HOME / "node_modules" / ".installed"
REQUIRED_BY = "REQUIRE_SHARED"
_INSTALL_SECONDS = 150


@contextmanager
def mock() -> Iterator[str]:
    """The mock's address; where it cannot run, the test is skipped, or fails with REQUIRE_SHARED=1."""
    _require()
    port = free_port()
    # Node looks for packages beside the program that it runs.
    program = HOME / SERVER.name
    program.write_text(SERVER.read_text(encoding="utf-8"), encoding="utf-8")
    command = ["node", str(program), str(SPEC), str(port)]
    process = subprocess.Popen(command, cwd=HOME, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(partial(_answers, port, process), "the mock answers")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def _require() -> None:
    for file in (SPEC, SERVER):
        if not file.is_file():
            place = file.relative_to(REPOSITORY.parent)
            absent(f"Bling's contract is not beside this repository: {place} is missing", REQUIRED_BY)
    if not shutil.which("node") or not shutil.which("npm"):
        absent("Bling's contract is served by node, which is not installed", REQUIRED_BY)
    HOME.mkdir(parents=True, exist_ok=True)
    # Several runs on one machine share the packages: one installs, the others wait.
    with (HOME / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not INSTALLED.is_file():
            _install()


def _install() -> None:
    install = ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(HOME), PACKAGE]
    try:
        ended = subprocess.run(install, capture_output=True, timeout=_INSTALL_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        absent(f"{PACKAGE} could not be installed in {_INSTALL_SECONDS} s", REQUIRED_BY)
    if ended.returncode != 0:
        absent(f"{PACKAGE} could not be installed: {ended.stderr.decode(errors='replace')[-300:]}", REQUIRED_BY)
    INSTALLED.touch()


def _answers(port: int, process: "subprocess.Popen[bytes]") -> bool:
    assert process.poll() is None, "the mock ended by itself"
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
