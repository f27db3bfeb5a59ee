"""The nightly audit: a line for what is off, and a continuation where a night has many shops."""

import logging

import pytest
from django.db import connection, transaction

from reservations import nightly_audit, tasks
from reservations.models import Heartbeat, Shop
from tests.factories import database_now, make_shop, stock_of

pytestmark = pytest.mark.django_db(transaction=True)


def spoil(shop: Shop) -> None:
    """Change a counter behind the back of every trigger."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE reservations_stockitem SET reserved = reserved + 1 WHERE shop_id = %s", [shop.pk])


def test_each_sku_that_is_off_is_one_error_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    healthy, spoiled = make_shop(), make_shop()
    for shop in (healthy, spoiled):
        stock_of(shop, 5)
    spoil(spoiled)
    with caplog.at_level("INFO", logger="reservations.nightly_audit"):
        tasks.audit()
    errors = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert len(errors) == 1
    assert errors[0].startswith(f"audit: {spoiled.domain} SKU-1: ")
    assert f"audited {healthy.domain}: 0 SKUs off" in caplog.messages


def test_a_round_without_time_audits_one_shop_and_says_where_to_go_on() -> None:
    first, second = make_shop(), make_shop()
    assert nightly_audit.audit_shops_after(0, seconds=0) == first.pk
    assert nightly_audit.audit_shops_after(first.pk, seconds=0) == second.pk
    assert nightly_audit.audit_shops_after(second.pk, seconds=0) is None


def test_a_finished_audit_leaves_its_time_behind() -> None:
    make_shop()
    before = database_now()
    tasks.audit()
    assert before <= Heartbeat.objects.get(name="audit").at <= database_now()
