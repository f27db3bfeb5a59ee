"""The container and compose files run what the Procfile says, with the settings that production asks for."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from basico_stock.dev import procfile
from tests.extensions.places import ROOT
from tests.support.patience import PATIENCE_SECONDS

DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
OURS = {name: service for name, service in COMPOSE["services"].items() if service["image"] == "bazico-stock"}


def instruction(name: str) -> str:
    """What follows an instruction, without the image's continued lines."""
    found = re.search(rf"^{name} (.*)$", DOCKERFILE, re.MULTILINE)
    assert found, f"no {name}"
    return found[1]


def run_in_image(process: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """The image's entry point as a container starts it, on a Procfile of the test's own."""
    shell = [part.replace("/app/", f"{folder}/") for part in json.loads(instruction("ENTRYPOINT"))]
    return subprocess.run([*shell, process], capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)


def test_the_image_runs_the_process_that_it_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "Procfile").write_text("web: echo web on ${PORT_UNSET:-8000}\nworker: env A=1 echo work\n")
    assert run_in_image("web", tmp_path).stdout == "web on 8000\n"
    assert run_in_image("worker", tmp_path).stdout == "work\n"


def test_the_image_refuses_a_process_that_the_procfile_does_not_know(tmp_path: Path) -> None:
    (tmp_path / "Procfile").write_text("web: echo web\n")
    refused = run_in_image("wbe", tmp_path)
    assert (refused.returncode, refused.stdout) == (64, "")
    assert "no process wbe" in refused.stderr


def test_compose_runs_each_process_of_the_procfile_once() -> None:
    assert {tuple(service["command"]) for service in OURS.values()} == {(name,) for name in procfile.read()}
    assert len(OURS) == len(procfile.read())


def test_the_image_is_not_run_by_root() -> None:
    assert int(instruction("USER")) > 0


def test_the_image_installs_the_pinned_packages_and_no_others() -> None:
    installs = re.findall(r"pip install (.*)", DOCKERFILE)
    assert len(installs) == 1
    assert "--require-hashes --requirement requirements.txt" in installs[0]


@pytest.mark.parametrize(
    "file", ["manage.py", "Procfile", "basico_stock", "plumbing", "reservations", "bling_sync", "staff", "templates"]
)
def test_what_the_service_needs_is_in_the_image(file: str) -> None:
    left_out = (ROOT / ".dockerignore").read_text().split()
    assert (ROOT / file).exists()
    assert file not in left_out


def test_every_setting_that_production_must_have_is_asked_for_by_compose() -> None:
    required = set(
        re.findall(r"^ {8}([A-Z_]+)=|\s([A-Z_]+)=", (ROOT / "bin" / "test").read_text().split("production()")[1])
    )
    names = {name for pair in required for name in pair if name} - {
        "PATH",
        "HOME",
        "DATABASE_POOL_SIZE",
        "PYTHONWARNINGS",
    }
    assert "SHOPIFY_API_SECRET" in names
    for service in OURS.values():
        assert names <= set(service["environment"])


def test_no_secret_has_a_value_in_the_compose_file() -> None:
    for service in COMPOSE["services"].values():
        for name, value in service.get("environment", {}).items():
            if re.search("KEY|SECRET|PASSWORD|TOKEN", name):
                assert re.fullmatch(r"\$\{\w+:(\?|-)\}", value), name


def test_nothing_but_the_front_is_open_to_the_world() -> None:
    assert [name for name, service in COMPOSE["services"].items() if "ports" in service] == ["front"]


def test_every_image_of_others_is_named_by_its_digest() -> None:
    stages = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    others = [service["image"] for name, service in COMPOSE["services"].items() if name not in OURS]
    assert len(stages) == 2
    assert [
        image for image in [*stages, *others] if not re.fullmatch(r"[a-z]+:[\w.-]+@sha256:[0-9a-f]{64}", image)
    ] == []


def test_the_front_hands_on_whole_requests_and_repeats_none() -> None:
    nginx = (ROOT / "deploy" / "nginx.conf").read_text()
    assert "proxy_request_buffering on;" in nginx
    assert "proxy_next_upstream off;" in nginx
