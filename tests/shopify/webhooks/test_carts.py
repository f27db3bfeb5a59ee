"""Carts of the online store: what they hold follows what Shopify tells of them."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from reservations import engine
from reservations.engine import ByCart
from reservations.models import InstallationState, Reservation, ShopifyCart, SkuLink
from reservations.shopify.cart_owners import derived_cart_token
from tests.factories import database_now, hold, make_shop, numbers, outlive, stock_of
from tests.shopify.stores import mark_installed
from tests.shopify.webhooks.deliveries import deliver
from tests.shopify.webhooks.payloads import CART, VARIANT, cart_payload, order_payload

pytestmark = pytest.mark.django_db(transaction=True)


def cart_token_of(shop_id: int) -> object:
    return ShopifyCart.objects.get(shop=shop_id, token=CART).cart_token


@pytest.mark.parametrize("topic", ["carts/create", "carts/update"])
def test_a_cart_that_went_around_the_script_holds_its_lines(topic: str) -> None:
    shop = make_shop()
    stock_of(shop, 5)
    assert deliver(shop, topic, cart_payload(quantity=2)).status == "applied"
    assert numbers(shop) == (5, 2, 0)
    assert cart_token_of(shop.pk) == derived_cart_token(shop.pk, CART)


def test_lines_that_left_the_cart_are_given_back() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    deliver(shop, "carts/create", cart_payload(quantity=3))
    deliver(shop, "carts/update", cart_payload(quantity=1, second=1))
    assert numbers(shop) == (5, 1, 0)
    deliver(shop, "carts/update", cart_payload(quantity=0, second=2))
    assert numbers(shop) == (5, 0, 0)


def test_the_newest_state_of_a_cart_wins_whenever_it_comes() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    deliver(shop, "carts/update", cart_payload(quantity=1, second=9))
    assert deliver(shop, "carts/create", cart_payload(quantity=4, second=3)).status == "ignored"
    assert numbers(shop) == (5, 1, 0)


def test_of_two_states_of_one_second_the_one_triggered_later_wins() -> None:
    shop, at = make_shop(), datetime(2026, 11, 24, 13, tzinfo=UTC)
    stock_of(shop, 5)
    later = at + timedelta(milliseconds=5)
    deliver(shop, "carts/update", cart_payload(quantity=1), triggered_at=later)
    deliver(shop, "carts/update", cart_payload(quantity=4), triggered_at=at)
    assert numbers(shop) == (5, 1, 0)


def test_the_scripts_hold_is_the_carts_hold_and_not_a_second_one() -> None:
    shop, ours = make_shop(), uuid4()
    stock_of(shop, 5)
    held = hold(shop, cart=ours)
    deliver(shop, "carts/create", cart_payload(quantity=2, hold=held.reservation_id))
    assert numbers(shop) == (5, 2, 0)
    assert cart_token_of(shop.pk) == ours
    assert engine.reservation(shop.pk, held.reservation_id).quantity == 2


def test_a_hold_without_a_cart_counts_for_the_line_that_names_it() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    held = hold(shop)
    deliver(shop, "carts/create", cart_payload(quantity=3, hold=held.reservation_id))
    assert numbers(shop) == (5, 3, 0)


def test_a_cart_known_by_two_names_holds_once() -> None:
    shop, ours = make_shop(), uuid4()
    stock_of(shop, 1)
    stock_of(shop, 5, "SKU-2")
    deliver(shop, "carts/create", cart_payload(quantity=1))
    held = hold(shop, "SKU-2", cart=ours)
    both = cart_payload(quantity=1, second=1)
    both["line_items"].append(
        {
            "id": 1,
            "variant_id": 1,
            "sku": "SKU-2",
            "quantity": 1,
            "properties": {"_bazico_hold": str(held.reservation_id)},
        }
    )
    deliver(shop, "carts/update", both)
    assert (numbers(shop), numbers(shop, "SKU-2")) == ((1, 1, 0), (5, 1, 0))
    assert set(Reservation.objects.filter(shop=shop, status="active").values_list("cart_token", flat=True)) == {ours}


def test_what_cannot_be_held_is_remembered() -> None:
    shop = make_shop()
    stock_of(shop, 1)
    hold(shop, cart=uuid4())
    assert deliver(shop, "carts/create", cart_payload(quantity=2)).status == "applied"
    assert ShopifyCart.objects.get(shop=shop).refused == {"SKU-1": 2}
    assert numbers(shop) == (1, 1, 0)


def test_a_cart_told_of_after_its_order_holds_nothing() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    deliver(shop, "orders/create", order_payload(quantity=1))
    assert deliver(shop, "carts/update", cart_payload(quantity=1, second=30)).status == "ignored"
    assert numbers(shop) == (5, 0, 1)


def test_a_cart_whose_order_was_only_known_by_our_uuid_holds_nothing_either() -> None:
    shop, ours = make_shop(), uuid4()
    stock_of(shop, 5)
    held = hold(shop, cart=ours)
    deliver(shop, "orders/create", order_payload(quantity=1, cart=None, cart_token=ours))
    deliver(shop, "carts/update", cart_payload(quantity=1, second=30, hold=held.reservation_id))
    assert numbers(shop) == (5, 0, 1)


def test_a_dead_hold_is_not_revived_but_replaced_if_units_are_free() -> None:
    shop = make_shop()
    stock_of(shop, 1)
    deliver(shop, "carts/create", cart_payload(quantity=1))
    dead = Reservation.objects.get(shop=shop)
    outlive(engine.reservation(shop.pk, dead.pk))
    deliver(shop, "carts/update", cart_payload(quantity=1, second=1))
    assert sorted(Reservation.objects.filter(shop=shop).values_list("status", flat=True)) == ["active", "expired"]


def test_a_line_without_a_sku_is_found_by_its_variant() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    SkuLink.objects.create(shop=shop, variant_id=VARIANT, sku="SKU-1", synced_at=database_now())
    deliver(shop, "carts/create", cart_payload(quantity=2, sku=""))
    assert numbers(shop) == (5, 2, 0)


def test_lines_of_skus_that_are_not_stocked_here_are_left_alone() -> None:
    shop = make_shop()
    assert deliver(shop, "carts/create", cart_payload(sku="GIFT-CARD")).status == "applied"


def test_a_cart_of_a_shop_that_has_left_holds_nothing() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    mark_installed(shop, state=InstallationState.UNINSTALLED)
    assert deliver(shop, "carts/create", cart_payload()).status == "ignored"
    assert numbers(shop) == (5, 0, 0)


def test_a_cart_can_be_confirmed_by_the_uuid_that_stands_for_it() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    deliver(shop, "carts/create", cart_payload(quantity=2))
    assert engine.confirm(shop.pk, ByCart(derived_cart_token(shop.pk, CART)))[0].quantity == 2
