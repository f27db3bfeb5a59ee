"""Paid items without a unit: listed until a person has settled them, who is named for ever."""

import pytest

from reservations import engine
from reservations.models import Shortfall, StockMovement
from tests.factories import settle_order, stock_of
from tests.merchant.merchant import Merchant

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
]


def short(merchant: Merchant, order: str = "1001", units: int = 2) -> Shortfall:
    """A paid order of so many units that do not exist."""
    stock_of(merchant.shop, 0)
    settle_order(merchant.shop, order, units)
    return Shortfall.objects.get(shop=merchant.shop, order_id=order)


def test_what_is_missing_is_listed_with_its_order() -> None:
    merchant = Merchant()
    short(merchant)
    page = merchant.page("/app/shortfalls/")
    assert "faltam 2 unidades" in page
    assert "1001" in page


def test_a_person_settles_one_and_the_ledger_names_who_and_how() -> None:
    merchant = Merchant()
    missing = short(merchant)
    assert merchant.post(f"/app/shortfalls/{missing.pk}/resolved", reason="reembolsado").status_code == 200
    assert "Nenhum. Todo item pago tem a sua unidade." in merchant.page("/app/shortfalls/")
    last = StockMovement.objects.filter(shop=merchant.shop).order_by("position").last()
    assert last is not None
    assert last.reference == "1001: shopify:42: reembolsado"
    assert not engine.audit(merchant.shop.pk)


def test_settling_twice_is_harmless_and_said() -> None:
    merchant = Merchant()
    address = f"/app/shortfalls/{short(merchant).pk}/resolved"
    merchant.post(address, reason="reembolsado")
    assert merchant.post(address, reason="reembolsado").json()["message"] == "Já estava resolvido."


@pytest.mark.parametrize("reason", ["", "   ", "x" * 256])
def test_how_it_was_settled_must_be_said(reason: str) -> None:
    merchant = Merchant()
    missing = short(merchant)
    response = merchant.post(f"/app/shortfalls/{missing.pk}/resolved", reason=reason)
    assert response.status_code == 422
    assert ' error="Diga em até 255' in response.content.decode()
    missing.refresh_from_db()
    assert missing.resolved_at is None


def test_another_shops_missing_units_are_not_found() -> None:
    merchant, other = Merchant(), Merchant()
    missing = short(other)
    assert "SKU-1" not in merchant.page("/app/shortfalls/")
    assert merchant.post(f"/app/shortfalls/{missing.pk}/resolved", reason="meu").status_code == 404
    missing.refresh_from_db()
    assert missing.resolved_at is None
