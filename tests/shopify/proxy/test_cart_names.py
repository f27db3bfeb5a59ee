"""One cart has one name: what its script holds and what Shopify's webhooks hold for it are the same units."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from reservations.models import Reservation, Shop, ShopifyCart
from reservations.shopify.cart_owners import derived_cart_token
from tests.api.client import body_of, outcome
from tests.factories import hold, make_shop, numbers, stock_of
from tests.shopify.proxy.shopper import Shopper
from tests.shopify.webhooks.deliveries import deliver
from tests.shopify.webhooks.payloads import cart_payload, order_payload

pytestmark = pytest.mark.django_db(transaction=True)

TOKEN, OTHER = "hWN1ana", "hWN2ana"
BEGUN = datetime(2026, 11, 28, 12, tzinfo=UTC)


def a_shopper(units: int) -> Shopper:
    shop = make_shop()
    stock_of(shop, units)
    return Shopper(shop)


def tell(shop: Shop, units: int, *, cart: UUID | None = None, token: str = TOKEN, at: int = 0) -> str:
    """The carts webhook: no attributes, and `cart` where the script wrote it on the line."""
    payload: dict[str, Any] = cart_payload(quantity=units, token=token, hold=None)
    for line in payload["line_items"]:
        line["properties"] = {"_bazico_cart": str(cart)} if cart else {}
    moment = (BEGUN + timedelta(seconds=at)).isoformat()
    return deliver(shop, "carts/update", payload | {"updated_at": moment}).status


def ask(ana: Shopper, cart: UUID, units: int = 1, token: str | None = None, key: UUID | None = None) -> Any:
    """What the theme's script sends."""
    more = {"shopify_cart": token, "idempotency_key": str(key) if key else None}
    lines = [{"sku": "SKU-1", "quantity": units}]
    body = {"cart_token": str(cart), "lines": lines} | {name: value for name, value in more.items() if value}
    return ana.post("/stock/reserve", body)


def uuid_of(shop: Shop, token: str = TOKEN) -> UUID:
    return ShopifyCart.objects.get(shop=shop, token=token).cart_token


def test_a_line_that_names_its_cart_is_held_for_that_cart() -> None:
    ana, cart = a_shopper(5), uuid4()
    # The script gave its call up, and Shopify tells of the line first.
    assert tell(ana.shop, 1, cart=cart) == "applied"
    assert outcome(ask(ana, cart)) == (200, None)
    assert (numbers(ana.shop), uuid_of(ana.shop)) == ((5, 1, 0), cart)


def test_a_cart_that_its_script_named_is_held_once() -> None:
    ana, cart = a_shopper(5), uuid4()
    assert outcome(ask(ana, cart, token=TOKEN)) == (200, None)
    assert tell(ana.shop, 1) == "applied"
    assert (numbers(ana.shop), uuid_of(ana.shop)) == ((5, 1, 0), cart)


def test_a_script_is_not_refused_the_unit_that_the_webhook_held_for_its_cart() -> None:
    ana, cart = a_shopper(1), uuid4()
    tell(ana.shop, 1)
    assert uuid_of(ana.shop) == derived_cart_token(ana.shop.pk, TOKEN)
    assert outcome(ask(ana, cart, token=TOKEN)) == (200, None)
    assert (numbers(ana.shop), uuid_of(ana.shop)) == ((1, 1, 0), cart)
    assert tell(ana.shop, 0, at=9) == "applied"
    assert numbers(ana.shop) == (1, 0, 0)


def test_what_both_had_held_is_not_added_up() -> None:
    ana, cart = a_shopper(9), uuid4()
    ask(ana, cart, 2)
    tell(ana.shop, 3)
    assert numbers(ana.shop) == (9, 5, 0)
    ask(ana, cart, 3, token=TOKEN)
    assert numbers(ana.shop) == (9, 3, 0)


def test_a_copy_of_a_line_gets_no_hold_of_the_cart_that_it_names() -> None:
    ana, cart = a_shopper(5), uuid4()
    tell(ana.shop, 1, cart=cart)
    tell(ana.shop, 1, cart=cart, token=OTHER, at=3_600)
    assert uuid_of(ana.shop, OTHER) == derived_cart_token(ana.shop.pk, OTHER)
    tell(ana.shop, 0, cart=cart, token=OTHER, at=7_200)
    assert (numbers(ana.shop), uuid_of(ana.shop)) == ((5, 1, 0), cart)


def test_a_cart_of_what_was_bought_before_gets_a_name_of_its_own() -> None:
    ana, cart = a_shopper(5), uuid4()
    held = hold(ana.shop, cart=cart)
    deliver(ana.shop, "orders/paid", order_payload(cart=None, cart_token=cart, hold=held.reservation_id))
    assert tell(ana.shop, 2, cart=cart, at=3_600) == "applied"
    assert (numbers(ana.shop), uuid_of(ana.shop)) == ((5, 2, 1), derived_cart_token(ana.shop.pk, TOKEN))


def test_a_shopper_whose_cart_shopify_replaced_keeps_the_name() -> None:
    ana, cart = a_shopper(5), uuid4()
    ask(ana, cart, 2, token=TOKEN)
    tell(ana.shop, 2)
    ask(ana, cart, 1, token=OTHER)
    tell(ana.shop, 1, token=OTHER, at=5)
    assert (numbers(ana.shop), uuid_of(ana.shop, OTHER)) == ((5, 1, 0), cart)


def test_a_cart_that_became_an_order_gets_no_other_name() -> None:
    ana, cart = a_shopper(5), uuid4()
    ask(ana, cart, token=TOKEN)
    deliver(ana.shop, "orders/paid", order_payload(cart=TOKEN, cart_token=cart))
    later = uuid4()
    assert outcome(ask(ana, later, token=TOKEN)) == (200, None)
    assert uuid_of(ana.shop) == cart


def test_a_call_that_was_given_up_is_carried_out_once() -> None:
    ana, cart, key = a_shopper(5), uuid4(), uuid4()
    first = body_of(ask(ana, cart, 2, key=key))
    ask(ana, cart, 3, key=uuid4())
    again = ask(ana, cart, 2, key=key)
    assert (body_of(again), again.headers["Idempotency-Replayed"]) == (first, "true")
    assert Reservation.objects.get(shop=ana.shop).quantity == 3


def test_a_refusal_is_decided_anew_for_the_same_key() -> None:
    ana, beto, key = a_shopper(1), uuid4(), uuid4()
    other = hold(ana.shop, cart=uuid4())
    assert outcome(ask(ana, beto, key=key)) == (409, "out_of_stock")
    ana.post("/stock/release", {"reservation_id": str(other.reservation_id)})
    assert outcome(ask(ana, beto, key=key)) == (200, None)


@pytest.mark.parametrize("token", ["", "a?key=0", "ç", 7])
def test_a_token_that_is_none_is_refused_and_holds_nothing(token: object) -> None:
    ana = a_shopper(1)
    lines = [{"sku": "SKU-1", "quantity": 1}]
    sent = {"cart_token": str(uuid4()), "lines": lines, "shopify_cart": token}
    assert outcome(ana.post("/stock/reserve", sent)) == (400, "invalid_input")
    assert numbers(ana.shop) == (1, 0, 0)
