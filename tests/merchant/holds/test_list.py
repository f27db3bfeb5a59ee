"""Reservations: the list by outcome, each row with its source and the answer to "why?"."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from reservations import engine
from reservations.models import Shop, ShopifyCart, ShopifyOrder
from tests.factories import by_id, hold, make_shop, outlive, settle_order, stock_of
from tests.merchant.merchant import Merchant

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
]


def listed(merchant: Merchant, outcome: str = "active", more: str = "") -> list[str]:
    """The reservations of an outcome, in the list's order."""
    part = merchant.page(f"/app/reservations/?outcome={outcome}{more}", part="list")
    return re.findall(r'<details class="why" id="why-([^"]+)"', part)


def told_of(shop: Shop, refused: dict[str, int] | None = None, **values: object) -> ShopifyCart:
    """A cart that Shopify has reported."""
    return ShopifyCart.objects.create(
        **{"shop": shop, "token": str(uuid4()), "cart_token": uuid4(), "seen_at": Now(), "refused": refused or {}}
        | values
    )


def ids(*holds: engine.Reservation) -> list[str]:
    """Their ids as text."""
    return [str(known.reservation_id) for known in holds]


def one_of_each(shop: Shop) -> dict[str, engine.Reservation]:
    """A reservation of each outcome, and a dead hold that no job has written down yet."""
    stock_of(shop, 10)
    held = {name: hold(shop) for name in ("active", "confirmed", "released", "dead", "expired")}
    engine.confirm(shop.pk, by_id(held["confirmed"]), order_id="77")
    engine.release(shop.pk, by_id(held["released"]))
    outlive(held["expired"])
    engine.expire(shop.pk)
    outlive(held["dead"])
    return held


def test_each_outcome_lists_its_own_and_a_dead_hold_is_expired_with_every_job_stopped() -> None:
    merchant = Merchant()
    held = one_of_each(merchant.shop)
    for outcome in ("active", "confirmed", "released"):
        assert listed(merchant, outcome) == ids(held[outcome]), outcome
    assert listed(merchant, "expired") == ids(held["dead"], held["expired"])
    assert listed(merchant, "no-such-outcome") == ids(held["active"])


def test_an_empty_list_says_what_would_fill_it() -> None:
    merchant = Merchant()
    assert "Ninguém tem unidades reservadas agora." in merchant.page("/app/reservations/")
    assert "Nenhuma nos últimos 30 dias." in merchant.page("/app/reservations/?outcome=released")
    assert "Nenhuma recusa conhecida nos últimos 7 dias." in merchant.page("/app/reservations/?outcome=refused")


def test_active_ones_are_listed_by_their_end_and_count_down() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 5)
    first, second = hold(merchant.shop), hold(merchant.shop)
    engine.extend_by_hand(merchant.shop.pk, first.reservation_id, by="x", more=timedelta(minutes=5))
    assert listed(merchant) == ids(second, first)
    assert f'data-until="{second.expires_at.isoformat()}"' in merchant.page("/app/reservations/", part="list")


def test_the_source_is_what_can_be_known_of_it() -> None:
    merchant = Merchant()
    shop = merchant.shop
    stock_of(shop, 10)
    hold(shop, cart=told_of(shop).cart_token)
    assert ">loja<" in merchant.page("/app/reservations/", part="list")
    hold(shop, cart=uuid4())
    assert ">carrinho a confirmar<" in merchant.page("/app/reservations/", part="list")
    hold(shop)
    assert ">API<" in merchant.page("/app/reservations/", part="list")
    settle_order(shop, "77", 1)
    assert ">pedido pago<" in merchant.page("/app/reservations/?outcome=confirmed", part="list")


def test_why_answers_in_a_sentence_for_each_outcome() -> None:
    merchant = Merchant()
    shop = merchant.shop
    one_of_each(shop)
    ShopifyOrder.objects.create(shop=shop, order_id="77", name="#1001", heard_at=Now())
    settle_order(shop, "78", 1)
    engine.release(shop.pk, by_id(hold(shop)), reason="shopify:42: engano")
    pages = {name: merchant.page(f"/app/reservations/?outcome={name}") for name in ("active", "confirmed", "expired")}
    assert "ninguém mais pode comprar estas unidades até" in pages["active"]
    assert "O pedido #1001 foi pago às" in pages["confirmed"]
    assert "O pedido 78 foi pago quando já não havia reserva para ele" in pages["confirmed"]
    assert pages["expired"].count("e não paga até") == 2
    released = merchant.page("/app/reservations/?outcome=released")
    assert "voltaram à venda: equipe, nº 42: engano." in released
    assert "o carrinho foi alterado, esvaziado ou abandonado" in released


def test_a_refused_cart_says_what_it_asked_for_what_it_holds_and_why() -> None:
    merchant = Merchant(max_units_per_line=5)
    shop = merchant.shop
    stock_of(shop, 2)
    short, greedy = told_of(shop, {"SKU-1": 3}), told_of(shop, {"SKU-1": 9})
    hold(shop, quantity=2, cart=short.cart_token)
    page = merchant.page("/app/reservations/?outcome=refused")
    cells = re.findall(r"<s-table-cell>(\d+)</s-table-cell>", page)
    assert cells == ["9", "0", "3", "2"]
    assert "não havia mais unidades livres" in page
    assert "um carrinho pode ter no máximo 5 unidades" in page
    told_of(shop, {"GONE": 1}, closed_by="1001")
    assert "O carrinho já virou pedido" in merchant.page("/app/reservations/?outcome=refused")
    assert str(greedy.cart_token.hex)[-8:] in page


def test_pages_follow_each_other_without_a_gap_in_every_list() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 200)
    held = [hold(merchant.shop) for _ in range(53)]
    expired = [hold(merchant.shop) for _ in range(53)]
    outlive(*expired)
    for outcome, expected in (("active", ids(*held)), ("expired", ids(*expired))):
        found = listed(merchant, outcome)
        onwards = re.search(r"after=[^\"]+", merchant.page(f"/app/reservations/?outcome={outcome}"))
        assert onwards
        found += listed(merchant, outcome, f"&{onwards[0]}")
        assert len(found) == 53
        assert sorted(found) == sorted(expected)


@pytest.mark.parametrize(
    "after",
    [
        "x",
        "~",
        "2026-01-01~x",
        "9999-99-99~0198aaaa-0000-7000-8000-000000000000",
        "9999-12-31T23:59:59+00:00~0198aaaa-0000-7000-8000-000000000000",
        "%00",
        "0001-01-01~x",
    ],
)
def test_an_odd_place_in_the_list_shows_it_from_its_beginning(after: str) -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 1)
    held = hold(merchant.shop)
    assert listed(merchant, "active", f"&after={after}") == ids(held)


def test_another_shops_reservations_and_refusals_are_in_no_list() -> None:
    merchant, other = Merchant(), make_shop()
    one_of_each(other)
    told_of(other, {"SKU-1": 3})
    for outcome in ("active", "confirmed", "released", "expired", "refused"):
        assert listed(merchant, outcome) == []


def test_the_list_asks_as_many_queries_for_fifty_rows_as_for_one() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 500)
    for outcome in ("active", "released", "confirmed", "expired", "refused"):
        counts = []
        for size in (1, 20):
            for _ in range(size):
                cart = told_of(merchant.shop, {"SKU-1": 2}).cart_token
                hold(merchant.shop, cart=cart)
                engine.release(merchant.shop.pk, by_id(hold(merchant.shop)))
                engine.confirm(merchant.shop.pk, by_id(hold(merchant.shop)), order_id=str(uuid4()))
                outlive(hold(merchant.shop))
            with CaptureQueriesContext(connection) as asked:
                merchant.page(f"/app/reservations/?outcome={outcome}", part="list")
            counts.append(len(asked))
        assert counts[0] == counts[1], outcome
        assert counts[0] <= 8, outcome


def test_the_list_is_read_in_english_where_the_admin_is_english() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 1)
    hold(merchant.shop)
    page = merchant.page("/app/reservations/", locale="en-US")
    assert "no one else can buy these units until" in page
    assert "Time left" in page
