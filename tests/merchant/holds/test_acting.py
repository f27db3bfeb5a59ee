"""What a merchant does to a hold: the units move, the ledger says who, and a late request gets a clear answer."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from reservations import engine
from reservations.models import Reservation, ShopifyOrder, StockMovement
from reservations.shopify.webhooks import orders_create
from reservations.shopify.webhooks.handler import Event
from tests.factories import by_id, database_now, hold, make_shop, numbers, outlive, stock_of
from tests.merchant.merchant import Merchant
from tests.shopify.webhooks.payloads import order_payload
from tests.support.blocker import holding_row

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
]


def holding(**settings: object) -> tuple[Merchant, engine.Reservation, str]:
    """A merchant, a live hold of one of five units, and the address of its page."""
    merchant = Merchant(**settings)
    stock_of(merchant.shop, 5)
    held = hold(merchant.shop)
    return merchant, held, f"/app/reservations/{held.reservation_id}/"


def last_reference(merchant: Merchant) -> str:
    """The reference of the newest ledger row: who did it, and why."""
    return StockMovement.objects.filter(shop=merchant.shop).order_by("-position")[0].reference


def test_a_released_hold_gives_its_unit_back_and_the_ledger_names_who_and_why() -> None:
    merchant, held, page = holding()
    assert merchant.post(f"{page}release", reason=" comprou em outra loja ").status_code == 200
    assert numbers(merchant.shop) == (5, 0, 0)
    assert last_reference(merchant) == "shopify:42: comprou em outra loja"
    after = merchant.page(page)
    assert "Liberada" in after
    assert "equipe, nº 42: comprou em outra loja" in after
    assert "/release" not in after
    assert engine.reservation(merchant.shop.pk, held.reservation_id).status == "released"


@pytest.mark.parametrize("reason", ["", "   ", "x" * 201, "\x00"])
def test_a_release_without_a_fitting_reason_is_refused_beside_its_field(reason: str) -> None:
    merchant, _, page = holding()
    response = merchant.post(f"{page}release", reason=reason)
    assert response.status_code == 422
    assert ' error="Diga em até 200' in response.content.decode()
    assert numbers(merchant.shop) == (5, 1, 0)


def test_the_longest_reason_fits_the_ledger_whole() -> None:
    merchant, _, page = holding()
    merchant.post(f"{page}release", reason="é" * 200)
    assert last_reference(merchant) == f"shopify:42: {'é' * 200}"


def test_ten_more_minutes_are_given_under_the_ceiling_and_named_in_the_ledger() -> None:
    merchant, held, page = holding(hold_seconds=600, hold_ceiling_seconds=1500)
    said = [merchant.post(f"{page}prolong").json()["message"] for _ in range(3)]
    now = engine.reservation(merchant.shop.pk, held.reservation_id)
    assert now.expires_at == held.created_at + timedelta(seconds=1500)
    assert "máximo" not in said[0]
    assert "o máximo que esta loja permite" in said[1]
    assert said[2].startswith("Nada foi acrescentado")
    given = StockMovement.objects.filter(shop=merchant.shop, kind="extended").order_by("position")
    assert [row.reference for row in given] == ["shopify:42: +600 s", "shopify:42: +300 s"]
    assert "Chegou ao tempo máximo" in merchant.page(page)
    assert not engine.audit(merchant.shop.pk)


@pytest.mark.parametrize("act", ["release", "prolong"])
def test_an_action_on_a_hold_that_just_expired_gets_a_sentence_and_its_page(act: str) -> None:
    merchant, held, page = holding()
    outlive(held)
    response = merchant.post(f"{page}{act}", reason="tarde")
    assert response.status_code == 410
    assert response.json()["message"].startswith("Já tinha terminado: Reservada às")
    assert response.json()["go"] == page
    assert "as unidades voltaram à venda" in merchant.page(page)


@pytest.mark.parametrize("act", ["release", "prolong"])
def test_an_action_on_a_hold_that_was_just_paid_gets_a_sentence(act: str) -> None:
    merchant, held, page = holding()
    engine.confirm(merchant.shop.pk, by_id(held), order_id="1001")
    response = merchant.post(f"{page}{act}", reason="tarde")
    assert response.status_code == 409
    assert "O pedido 1001 foi pago às" in response.json()["message"]
    assert numbers(merchant.shop) == (5, 0, 1)


def test_a_release_that_is_sent_twice_is_harmless() -> None:
    merchant, _, page = holding()
    for _ in range(2):
        assert merchant.post(f"{page}release", reason="engano").status_code == 200
    assert numbers(merchant.shop) == (5, 0, 0)


@pytest.mark.parametrize("act", ["release", "prolong"])
def test_a_stock_row_that_stays_locked_is_said_and_changes_nothing(act: str) -> None:
    merchant, held, page = holding()
    with holding_row(merchant.shop):
        response = merchant.post(f"{page}{act}", reason="engano")
    assert response.status_code == 503
    assert "Nada foi alterado" in response.json()["message"]
    assert engine.reservation(merchant.shop.pk, held.reservation_id).expires_at == held.expires_at


@pytest.mark.parametrize("act", ["", "release", "prolong"])
def test_another_shops_reservation_is_not_found_and_neither_is_an_unknown_one(act: str) -> None:
    merchant, other = Merchant(), make_shop()
    stock_of(other, 5)
    theirs = hold(other)
    for key in (theirs.reservation_id, uuid4()):
        page = f"/app/reservations/{key}/{act}"
        response = merchant.post(page, reason="meu") if act else merchant.get(page)
        assert response.status_code == 404
    assert numbers(other) == (5, 1, 0)


@pytest.mark.parametrize("act", ["release", "prolong"])
def test_an_action_is_a_post_and_a_look_is_none(act: str) -> None:
    merchant, held, page = holding()
    assert merchant.get(f"{page}{act}").status_code == 405
    assert engine.reservation(merchant.shop.pk, held.reservation_id).status == "active"


def test_the_page_of_a_reservation_tells_its_story() -> None:
    merchant, held, page = holding()
    merchant.post(f"{page}prolong")
    whole = merchant.page(page)
    assert str(held.reservation_id) in whole
    assert whole.index("Uma pessoa deu mais tempo") < whole.index("Reservadas para um comprador.")


def unpaid_order() -> tuple[Merchant, str]:
    """A merchant, and the page of a hold of an order that awaits its Pix: one unit of each of two SKUs."""
    merchant = Merchant()
    for sku in ("SKU-1", "SKU-2"):
        stock_of(merchant.shop, 5, sku)
    lines = [{"id": n, "sku": f"SKU-{n}", "quantity": 1, "current_quantity": 1} for n in (1, 2)]
    placed = {"created_at": database_now().isoformat(), "payment_gateway_names": ["Pix"]}
    event = Event(
        merchant.shop, "orders/create", order_payload(payment="pending", lines=lines) | placed, database_now()
    )
    with transaction.atomic():
        orders_create.handler.apply(event, None)
    held = Reservation.objects.get(shop=merchant.shop, stock_item__sku="SKU-1")
    return merchant, f"/app/reservations/{held.pk}/"


def due(merchant: Merchant) -> datetime | None:
    return ShopifyOrder.objects.get(shop=merchant.shop).payment_due_at


def test_ten_more_minutes_for_a_hold_of_an_unpaid_order_are_for_all_of_the_order() -> None:
    merchant, page = unpaid_order()
    before = due(merchant)
    assert before
    assert merchant.post(f"{page}prolong").status_code == 200
    after = before + timedelta(minutes=10)
    ends = Reservation.objects.filter(shop=merchant.shop).values_list("expires_at", flat=True)
    assert (due(merchant), set(ends)) == (after, {after})


def test_a_released_hold_of_an_unpaid_order_is_not_taken_again_by_the_orders_next_word() -> None:
    merchant, page = unpaid_order()
    assert merchant.post(f"{page}release", reason="cliente desistiu").status_code == 200
    assert (numbers(merchant.shop), numbers(merchant.shop, "SKU-2")) == ((5, 0, 0), (5, 0, 0))
    lines = [{"id": 1, "sku": "SKU-1", "quantity": 2, "current_quantity": 2}]
    told = order_payload(payment="pending", second=9, lines=lines)
    with transaction.atomic():
        orders_create.handler.apply(Event(merchant.shop, "orders/create", told, database_now()), None)
    assert numbers(merchant.shop) == (5, 0, 0)


def test_the_pages_name_the_order_that_a_hold_waits_with() -> None:
    merchant, page = unpaid_order()
    name = ShopifyOrder.objects.get(shop=merchant.shop).name
    listed = merchant.page("/app/reservations/")
    assert f"pedido {name}" in listed
    assert f"O pedido {name} aguarda pagamento" in listed
    one = merchant.page(page)
    assert "aguarda pagamento" in one
    assert f"Reservada para um pedido que aguarda pagamento. ({name})" in one
