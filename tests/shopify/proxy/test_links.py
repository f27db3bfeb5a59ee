"""A link brings lines that name a cart or a hold of its maker's: who opens it loses nothing to who made it."""

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
from tests.shopify.webhooks.payloads import cart_payload

pytestmark = pytest.mark.django_db(transaction=True)

ANA, MALLORYS = "hWN1ana", "hWN2mallory"
BEGUN = datetime(2026, 11, 28, 12, tzinfo=UTC)


def mallory(units: int) -> Shopper:
    """Who makes the link, in a shop that has so many units."""
    shop = make_shop()
    stock_of(shop, units)
    return Shopper(shop)


def open_link(shop: Shop, units: int, at: int = 0, **properties: object) -> str:
    """Ana opens the link, and Shopify tells of her cart; her script has not spoken yet."""
    payload: dict[str, Any] = cart_payload(quantity=units, token=ANA, hold=None)
    for line in payload["line_items"]:
        line["properties"] = {name: str(value) for name, value in properties.items()}
    return deliver(shop, "carts/update", payload | {"updated_at": (BEGUN + timedelta(seconds=at)).isoformat()}).status


def ask(shopper: Shopper, cart: UUID, units: int, token: str | None = None) -> Any:
    lines = [{"sku": "SKU-1", "quantity": units}]
    return shopper.post(
        "/stock/reserve", {"cart_token": str(cart), "lines": lines, **({"shopify_cart": token} if token else {})}
    )


def anas_units(shop: Shop) -> int:
    """Units that are held for Ana's cart."""
    cart = ShopifyCart.objects.get(shop=shop, token=ANA).cart_token
    return sum(
        Reservation.objects.filter(shop=shop, cart_token=cart, status="active").values_list("quantity", flat=True)
    )


def test_the_hold_of_who_opened_a_link_outlives_a_release_by_who_made_it() -> None:
    maker, cart = mallory(2), uuid4()
    assert open_link(maker.shop, 2, _bazico_cart=cart) == "applied"
    assert ShopifyCart.objects.get(shop=maker.shop).cart_token == cart
    assert outcome(maker.post("/stock/release", {"cart_token": str(cart)})) == (200, None)
    assert (numbers(maker.shop), anas_units(maker.shop)) == ((2, 2, 0), 2)
    assert outcome(ask(maker, uuid4(), 1)) == (409, "out_of_stock")


def test_it_outlives_a_release_by_an_id_that_the_maker_was_told() -> None:
    maker, cart = mallory(1), uuid4()
    open_link(maker.shop, 1, _bazico_cart=cart)
    told = body_of(ask(maker, cart, 1))["reservations"][0]["reservation_id"]
    assert outcome(maker.post("/stock/release", {"reservation_ids": [told]})) == (200, None)
    assert (numbers(maker.shop), anas_units(maker.shop)) == ((1, 1, 0), 1)


def test_who_made_a_link_lowers_nothing_that_it_holds() -> None:
    maker, cart = mallory(5), uuid4()
    open_link(maker.shop, 3, _bazico_cart=cart)
    assert outcome(ask(maker, cart, 1)) == (200, None)
    assert outcome(maker.reserve(cart, 1)) == (200, None)
    assert (numbers(maker.shop), anas_units(maker.shop)) == ((5, 3, 0), 3)


def test_who_made_a_link_gets_nothing_by_calling_its_cart_their_own() -> None:
    maker, cart = mallory(2), uuid4()
    open_link(maker.shop, 2, _bazico_cart=cart)
    assert outcome(ask(maker, cart, 1, token=MALLORYS)) == (409, "out_of_stock")
    maker.post("/stock/release", {"cart_token": str(cart)})
    assert (numbers(maker.shop), anas_units(maker.shop)) == ((2, 2, 0), 2)


def test_a_hold_of_the_makers_that_a_link_names_is_anas_from_then_on() -> None:
    maker, cart = mallory(2), uuid4()
    held = hold(maker.shop, cart=cart)
    open_link(maker.shop, 2, _bazico_hold=held.reservation_id)
    for target in ({"reservation_id": str(held.reservation_id)}, {"cart_token": str(cart)}):
        maker.post("/stock/release", target)
    assert (numbers(maker.shop), anas_units(maker.shop)) == ((2, 2, 0), 2)


def test_a_name_that_a_stranger_has_tried_is_not_taken_from_the_lines_again() -> None:
    maker, cart = mallory(2), uuid4()
    open_link(maker.shop, 1, _bazico_cart=cart)
    maker.post("/stock/release", {"cart_token": str(cart)})
    open_link(maker.shop, 2, at=9, _bazico_cart=cart)
    assert ShopifyCart.objects.get(shop=maker.shop).cart_token == derived_cart_token(maker.shop.pk, ANA)
    assert (numbers(maker.shop), anas_units(maker.shop)) == ((2, 2, 0), 2)


def test_anas_script_gets_her_cart_whatever_a_stranger_has_tried() -> None:
    maker, cart, own = mallory(2), uuid4(), uuid4()
    open_link(maker.shop, 2, _bazico_cart=cart)
    maker.post("/stock/release", {"cart_token": str(cart)})
    ana = Shopper(maker.shop, "203.0.113.8")
    assert outcome(ask(ana, own, 2, token=ANA)) == (200, None)
    assert (ShopifyCart.objects.get(shop=maker.shop).cart_token, anas_units(maker.shop)) == (own, 2)
    assert outcome(ana.post("/stock/release", {"cart_token": str(own)})) == (200, None)
    assert numbers(maker.shop) == (2, 0, 0)


def test_who_knows_shopifys_token_gives_back_at_once_what_the_lines_named() -> None:
    ana, cart = mallory(2), uuid4()
    open_link(ana.shop, 2, _bazico_cart=cart)
    assert outcome(ana.post("/stock/release", {"cart_token": str(cart), "shopify_cart": ANA})) == (200, None)
    assert numbers(ana.shop) == (2, 0, 0)


def test_what_was_spared_goes_with_the_line_that_leaves() -> None:
    ana, cart = mallory(2), uuid4()
    held = hold(ana.shop, cart=cart)
    open_link(ana.shop, 1, _bazico_hold=held.reservation_id)
    # Her script took the line out and says so before Shopify does, without Shopify's token.
    assert outcome(ana.post("/stock/release", {"reservation_id": str(held.reservation_id)})) == (200, None)
    assert open_link(ana.shop, 0, at=9) == "applied"
    assert numbers(ana.shop) == (2, 0, 0)
