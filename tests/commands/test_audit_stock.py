"""audit_stock: the proof, or a line for each SKU that is off."""

import sys

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from tests.factories import hold, make_shop, stock_of
from tests.support.terminal import output_of

pytestmark = pytest.mark.django_db(transaction=True)


def spoil(shop_id: int, sku: str) -> None:
    """Change a counter behind the back of every trigger, as a careless repair by hand would."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "UPDATE reservations_stockitem SET reserved = reserved + 1 WHERE shop_id = %s AND sku = %s", [shop_id, sku]
        )


def lines_of_a_failed_audit(printed: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    with pytest.raises(SystemExit) as end:
        call_command("audit_stock", *arguments)
    assert end.value.code == 1
    return printed.readouterr().out.splitlines()


def test_stock_that_adds_up_ends_with_a_count_and_no_error() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    hold(shop)
    assert output_of("audit_stock") == "1 SKUs in 1 shops audited, 0 off.\n"


def test_each_sku_that_is_off_has_one_line_and_the_status_is_one(capsys: pytest.CaptureFixture[str]) -> None:
    shop = make_shop()
    for sku in ("A", "B", "C"):
        stock_of(shop, 5, sku)
    for sku in ("A", "C"):
        spoil(shop.pk, sku)
    *off, closing = lines_of_a_failed_audit(capsys)
    assert [line.split(":")[0] for line in off] == [f"{shop.domain} A", f"{shop.domain} C"]
    assert all("reserved 1, active reservations 0" in line for line in off)
    assert closing == "3 SKUs in 1 shops audited, 2 off."


def test_an_audit_of_one_shop_leaves_the_others_out() -> None:
    healthy, spoiled = make_shop(), make_shop()
    for shop in (healthy, spoiled):
        stock_of(shop, 5)
    spoil(spoiled.pk, "SKU-1")
    assert output_of("audit_stock", "--shop", healthy.domain) == "1 SKUs in 1 shops audited, 0 off.\n"


def test_an_audit_may_take_longer_than_any_request(monkeypatch: pytest.MonkeyPatch) -> None:
    stock_of(make_shop(), 5)
    slow = "SELECT 'SKU-1', 'found late' FROM pg_sleep(0.3) WHERE %(shop)s > 0"
    # By the module's path: in the package, the name is the function's.
    monkeypatch.setattr(sys.modules["reservations.engine.audit"], "_CHECKS", {"slow": slow})
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '100ms'")
        with pytest.raises(SystemExit):
            output_of("audit_stock")
