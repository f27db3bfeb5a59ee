"""A misconfigured production machine does not start, and says why."""

import os

import pytest
from cryptography.fernet import Fernet

from tests.process.machines import manage, production, run

MISTAKES = [
    pytest.param({"SANDBOX": "1"}, "SANDBOX must be off", id="the sandbox is on"),
    pytest.param({"DEMO_API_KEY": "demo-key"}, "DEMO_API_KEY is a demo credential", id="the demo key is set"),
    pytest.param({"SHOPIFY_API_KEY": "demo-shopify-key"}, "SHOPIFY_API_KEY is a demo", id="the demo app's key"),
    pytest.param({"SHOPIFY_API_SECRET": "demo-shopify-secret"}, "SHOPIFY_API_SECRET is a demo", id="its secret"),
    pytest.param(
        {"SHOPIFY_API_SECRET_PREVIOUS": "demo-shopify-secret"}, "SHOPIFY_API_SECRET_PREVIOUS is", id="its old secret"
    ),
    pytest.param({"BLING_CLIENT_ID": "demo-bling-id"}, "BLING_CLIENT_ID is a demo", id="the demo Bling app's id"),
    pytest.param({"BLING_CLIENT_SECRET": "demo-bling-secret"}, "BLING_CLIENT_SECRET is a demo", id="its Bling secret"),
    pytest.param({"SHOPIFY_API_SECRET": None}, "SHOPIFY_API_SECRET is empty", id="no secret"),
    pytest.param({"SHOPIFY_API_SECRET": ""}, "SHOPIFY_API_SECRET is empty", id="an empty secret"),
    pytest.param({"SHOPIFY_API_SECRET": "  \t  " * 5}, "SHOPIFY_API_SECRET is empty", id="a blank secret"),
    pytest.param({"SHOPIFY_API_SECRET": "fifteen-letters"}, "SHOPIFY_API_SECRET is too short", id="a short secret"),
    pytest.param({"SHOPIFY_API_SECRET_PREVIOUS": "x"}, "SHOPIFY_API_SECRET_PREVIOUS is too", id="a short old secret"),
    pytest.param({"BLING_CLIENT_SECRET": ""}, "BLING_CLIENT_SECRET is empty", id="an empty Bling secret"),
    pytest.param({"SECRET_KEY": None}, "SECRET_KEY is not set", id="no secret key"),
    pytest.param({"SECRET_KEY": ""}, "SECRET_KEY is too weak", id="an empty secret key"),
    pytest.param({"SECRET_KEY": "short"}, "SECRET_KEY is too weak", id="a short secret key"),
    pytest.param({"SECRET_KEY": "a" * 60}, "SECRET_KEY is too weak", id="a secret key of one letter"),
    pytest.param({"ENCRYPTION_KEYS": None}, "ENCRYPTION_KEYS is not set", id="no encryption keys"),
    pytest.param({"ENCRYPTION_KEYS": ","}, "ENCRYPTION_KEYS must be", id="empty encryption keys"),
    pytest.param(
        {"ENCRYPTION_KEYS": Fernet.generate_key().decode() + ",short"},
        "ENCRYPTION_KEYS must be",
        id="one bad key of two",
    ),
    pytest.param({"BLING_API_URL": "http://127.0.0.1:9/Api/v3"}, "BLING_API_URL does not", id="another Bling"),
    pytest.param({"BLING_API_URL": "http://api.bling.com.br/Api/v3"}, "BLING_API_URL does not", id="Bling unencrypted"),
    pytest.param(
        {"BLING_API_URL": "https://api.bling.com.br.evil.com/Api/v3"}, "BLING_API_URL does not", id="a lookalike"
    ),
    pytest.param(
        {"BLING_API_URL": "https://api.bling.com.br@evil.com/Api/v3"}, "BLING_API_URL does not", id="a host after @"
    ),
    pytest.param({"BLING_AUTHORIZE_URL": "https://evil.com/"}, "BLING_AUTHORIZE_URL does not", id="a false sign-in"),
    pytest.param({"SHOPIFY_ADMIN_URL": "http://127.0.0.1:9"}, "SHOPIFY_ADMIN_URL does not", id="another Shopify"),
    pytest.param({"SHOPIFY_ADMIN_URL": "https://{shop}.evil.com"}, "SHOPIFY_ADMIN_URL does not", id="a false Shopify"),
    pytest.param({"PUBLIC_URL": "http://estoque.example.com"}, "PUBLIC_URL must be", id="an address without TLS"),
    pytest.param({"PUBLIC_URL": "estoque.example.com"}, "PUBLIC_URL must be", id="an address without a scheme"),
    pytest.param({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS must not be", id="any host"),
    pytest.param({"DATABASE_URL": "sqlite:///stock.db"}, "does not lock rows", id="SQLite"),
    pytest.param(
        {"DATABASE_URL": "postgresql://postgres@/bazico?host=/tmp/bazico-0123456789ab"},
        "DATABASE_URL leads to the local service",
        id="the local PostgreSQL",
    ),
    pytest.param(
        {"REDIS_URL": "unix:///tmp/bazico-0123456789ab/redis.sock"},
        "REDIS_URL leads to the local service",
        id="the local Redis",
    ),
]


@pytest.mark.parametrize(("mistake", "sentence"), MISTAKES)
def test_a_production_machine_is_refused_when(mistake: dict[str, str | None], sentence: str) -> None:
    done = manage("check", environment=production(**mistake))
    assert done.returncode == 1
    assert sentence in done.stderr


@pytest.mark.parametrize(
    ("mistake", "sentence"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY is not set."),
        ({"DATABASE_POOL_SIZE": "eight"}, "DATABASE_POOL_SIZE cannot be read"),
        ({"PORT": "http"}, "PORT cannot be read"),
    ],
)
def test_a_variable_that_cannot_be_read_is_named_in_one_line(mistake: dict[str, str | None], sentence: str) -> None:
    done = manage("audit_stock", environment=production(**mistake))
    assert done.returncode == 1
    assert done.stderr.startswith(sentence)
    assert done.stderr.count("\n") == 1


def test_sqlite_is_refused_in_words_where_the_database_is_looked_at_too() -> None:
    done = manage("check", "--database", "default", environment=production(DATABASE_URL="sqlite://:memory:"))
    assert done.returncode == 1
    assert "does not lock rows" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_sound_production_machine_passes_every_check_of_a_deployment() -> None:
    done = manage("check", "--deploy", "--fail-level", "WARNING", environment=production())
    assert done.returncode == 0, done.stderr


def test_a_secret_key_may_begin_with_a_dollar_sign() -> None:
    done = manage("check", environment=production(SECRET_KEY="$" + "abcdefghij" * 6))
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "program",
    [
        pytest.param("python -m basico_stock.web --interface wsgi --port 0 basico_stock.wsgi:application", id="web"),
        pytest.param("celery --app basico_stock worker --concurrency 1", id="worker"),
        pytest.param("celery --app basico_stock beat", id="beat"),
    ],
)
def test_web_worker_and_beat_refuse_an_empty_secret_by_themselves(program: str) -> None:
    addresses = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL")}
    done = run(*program.split(), environment=production(SHOPIFY_API_SECRET="", **addresses))
    assert done.returncode != 0
    assert "Refusing to start:\n" in done.stderr
    assert "SHOPIFY_API_SECRET is empty" in done.stderr
