"""Commands as an operator types them: while the service runs, and when something is in the way."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg
import pytest

from reservations.models import Shop
from tests.factories import make_shop, numbers
from tests.support.terminal import in_a_terminal, variables_of_this_test

pytestmark = pytest.mark.django_db(transaction=True)

NO_SERVER = "postgresql://nobody@127.0.0.1:1/nothing"


def test_a_shop_its_setting_and_its_stock_are_made_from_a_terminal() -> None:
    domain = "loja-da-ana.myshopify.com"
    for arguments in (
        ["create_shop", domain, "--api-key", "chave-da-ana"],
        ["configure_shop", domain, "--hold-seconds", "1"],
        ["set_stock", "SKU-1", "3", "--shop", domain],
        ["audit_stock", "--shop", domain],
    ):
        ended = in_a_terminal(*arguments)
        assert (ended.returncode, ended.stderr) == (0, "")
    shop = Shop.objects.get(domain=domain)
    assert (numbers(shop), shop.hold_seconds) == ((3, 0, 0), 1)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["create_shop", "loja"], "CommandError: “loja” is not the domain of a shop"),
        (["configure_shop", "nobody.myshopify.com"], "CommandError: There is no shop nobody.myshopify.com"),
        (["set_stock", "SKU-1", "-1"], "CommandError: The quantity is a whole number"),
        (["audit_stock", "--shop", "nobody.myshopify.com"], "CommandError: There is no shop nobody.myshopify.com"),
        (["revoke_api_key", "nothing"], "CommandError: No API key has"),
    ],
)
def test_a_mistake_ends_in_one_sentence_and_a_status(arguments: list[str], sentence: str) -> None:
    make_shop()
    ended = in_a_terminal(*arguments)
    assert ended.returncode == 1
    assert ended.stderr.startswith(sentence)
    assert ended.stderr.count("\n") == 1
    assert ended.stdout == ""


def test_a_database_that_is_away_is_said_without_a_traceback() -> None:
    ended = in_a_terminal("set_stock", "SKU-1", "1", DATABASE_URL=NO_SERVER)
    assert ended.returncode == 1
    assert "CommandError: The database does not answer" in ended.stderr
    assert "Traceback" not in ended.stderr + ended.stdout


@pytest.fixture
def empty_database() -> Iterator[str]:
    """The address of a database without tables."""
    here = variables_of_this_test()["DATABASE_URL"]
    # A connection without the service's limits, and the template that no other session ever uses.
    with psycopg.connect(here, autocommit=True) as unlimited:
        unlimited.execute("DROP DATABASE IF EXISTS test_empty")
        unlimited.execute("CREATE DATABASE test_empty TEMPLATE template0")
        yield urlsplit(here)._replace(path="/test_empty").geturl()
        unlimited.execute("DROP DATABASE test_empty WITH (FORCE)")


def test_a_database_without_tables_is_told_from_one_that_is_away(empty_database: str) -> None:
    ended = in_a_terminal("expire_reservations", DATABASE_URL=empty_database)
    assert ended.returncode == 1
    assert "run manage.py migrate" in ended.stderr
