"""`bin/dev` writes down what it runs with, and `manage.py` reads exactly that."""

import os
import stat
from pathlib import Path

import pytest

from basico_stock.dev import machine_values
from basico_stock.environment import Environment, development_file
from tests.process.machines import HERE, manage

AWKWARD = 'it\'s $HOME "quoted" #not a comment; ação \\n = &'


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BASICO_HOME", str(tmp_path))
    return tmp_path


def read_back(name: str) -> str:
    """What another process finds under `name`."""
    question = f"import os; from django.conf import settings; settings.DEBUG; print(os.environ[{name!r}])"
    environment = {**HERE, "BASICO_HOME": os.environ["BASICO_HOME"]}
    done = manage("shell", "-v", "0", "--no-imports", "-c", question, environment=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout.rstrip("\n")


def complete(**given: str) -> dict[str, str]:
    return {"DATABASE_URL": "postgresql://x@/x", "REDIS_URL": "redis:///"} | machine_values.complete(given)


def test_a_value_with_quotes_and_signs_is_read_back_as_it_was() -> None:
    machine_values.write(complete(BLING_CLIENT_SECRET=AWKWARD))
    assert read_back("BLING_CLIENT_SECRET") == AWKWARD


def test_secrets_stay_the_same_from_start_to_start() -> None:
    first = complete()
    machine_values.write(first)
    second = complete()
    assert {name: second[name] for name in machine_values.KEPT} == {name: first[name] for name in machine_values.KEPT}


def test_an_address_given_once_is_not_remembered_the_next_time() -> None:
    machine_values.write(complete(BLING_API_URL="http://127.0.0.1:9/Api/v3", SANDBOX="0"))
    assert "BLING_API_URL" not in complete()
    assert complete()["SANDBOX"] == "1"


def test_an_empty_address_or_port_is_as_good_as_none_and_an_empty_secret_is_not() -> None:
    made = machine_values.complete({"PORT": "", "DATABASE_URL": "", "REDIS_URL": "", "SHOPIFY_API_SECRET": ""})
    assert made["PORT"] == "8000"
    assert made["SHOPIFY_API_SECRET"] == ""
    assert "DATABASE_URL" not in made
    assert "REDIS_URL" not in made


def test_what_is_unset_gets_the_demo_values() -> None:
    made = complete()
    assert made["DEMO_API_KEY"] == "demo-key"
    assert made["SHOPIFY_API_SECRET"] == "demo-shopify-secret"
    assert made["BLING_CLIENT_ID"] == "demo-bling-id"
    assert made["DEMO_HOLD_SECONDS"] == "600"


def test_only_its_owner_may_read_the_file() -> None:
    machine_values.write(complete())
    assert stat.S_IMODE(development_file().stat().st_mode) == 0o600


def test_production_never_reads_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    machine_values.write(complete())
    environment = {**HERE, "BASICO_HOME": os.environ["BASICO_HOME"], "DEBUG": "0"}
    done = manage("check", environment=environment)
    assert done.returncode == 1
    assert "SECRET_KEY is not set" in done.stderr


def test_a_variable_that_is_set_wins_over_the_file(home: Path) -> None:
    machine_values.write(complete(PORT="8001"))
    environment = {**HERE, "BASICO_HOME": str(home), "PORT": "8002"}
    question = "from django.conf import settings; print(settings.PORT)"
    assert manage("shell", "-v", "0", "-c", question, environment=environment).stdout.strip() == "8002"


def test_a_missing_value_is_named_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.core.exceptions import ImproperlyConfigured

    monkeypatch.delenv("NEVER_SET", raising=False)
    with pytest.raises(ImproperlyConfigured, match=r"^NEVER_SET is not set"):
        Environment().text("NEVER_SET")
