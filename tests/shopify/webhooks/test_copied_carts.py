"""A hold belongs to one cart, however many of Shopify's tokens name it: copies, shares, saved carts, logins."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from reservations import engine
from reservations.models import Reservation, Shop, ShopifyCart, Shortfall
from reservations.shopify.cart_owners import derived_cart_token
from tests.factories import hold, make_shop, numbers, outlive, stock_of
from tests.shopify.webhooks.deliveries import deliver
from tests.shopify.webhooks.payloads import cart_payload, order_payload

pytestmark = pytest.mark.django_db(transaction=True)

ANA, BETO = "hWN1ana", "hWN2beto"
BEGUN = datetime(2026, 11, 28, 12, tzinfo=UTC)
MINUTE, HOUR = 60, 3600


def tell(shop: Shop, token: str, units: int, at: int, named: object = None, sku: str = "SKU-1") -> str:
    """Shopify tells of a cart as it stood `at` seconds into the story; the delivery's status."""
    payload = cart_payload(quantity=units, token=token, hold=named, sku=sku)
    return deliver(shop, "carts/update", payload | {"updated_at": moment(at)}).status


def moment(at: int) -> str:
    return (BEGUN + timedelta(seconds=at)).isoformat()


def buy(
    shop: Shop, token: str | None, at: int, *, uuid: UUID | None = None, named: object = None, units: int = 1
) -> None:
    """The cart becomes an order."""
    payload = order_payload(quantity=units, cart=token, cart_token=uuid, hold=named, order=7_000 + at)
    deliver(shop, "orders/paid", payload | {"updated_at": moment(at)})


def anas_cart(shop: Shop, units: int = 1) -> engine.Reservation:
    """Ana's script holds, and Shopify tells of her cart."""
    held = hold(shop, quantity=units, cart=uuid4())
    tell(shop, ANA, units, 0, held.reservation_id)
    return held


def cart_of(shop: Shop, token: str) -> UUID:
    return ShopifyCart.objects.get(shop=shop, token=token).cart_token


def units_of(shop: Shop, token: str) -> int:
    """Units that live holds keep for the cart."""
    living = Reservation.objects.filter(shop=shop, cart_token=cart_of(shop, token), status="active")
    return sum(living.values_list("quantity", flat=True))


def status_of(shop: Shop, held: engine.Reservation) -> str:
    known = engine.reservation(shop.pk, held.reservation_id)
    assert known is not None
    return known.status


def test_a_copied_carts_emptying_leaves_the_hold_of_the_first() -> None:
    shop = make_shop()
    stock_of(shop, 20)
    held = anas_cart(shop, 10)
    tell(shop, BETO, 10, HOUR, held.reservation_id)
    assert (units_of(shop, ANA), units_of(shop, BETO)) == (10, 10)
    tell(shop, BETO, 0, 2 * HOUR)
    assert (status_of(shop, held), numbers(shop)) == ("active", (20, 10, 0))


def test_a_copied_carts_order_leaves_the_hold_of_the_first() -> None:
    shop = make_shop()
    stock_of(shop, 2)
    held = anas_cart(shop)
    assert held.cart_token is not None
    tell(shop, BETO, 1, HOUR, held.reservation_id)
    buy(shop, BETO, HOUR + 1, uuid=held.cart_token, named=held.reservation_id)
    assert (status_of(shop, held), numbers(shop)) == ("active", (2, 1, 1))
    assert tell(shop, ANA, 1, 2 * HOUR, held.reservation_id) == "applied"
    assert (status_of(shop, held), units_of(shop, ANA)) == ("active", 1)


def test_a_copied_carts_order_of_the_last_unit_falls_short_and_the_first_cart_keeps_it() -> None:
    shop = make_shop()
    stock_of(shop, 1)
    held = anas_cart(shop)
    # No webhook told of the copy before its order.
    buy(shop, BETO, HOUR, uuid=held.cart_token, named=held.reservation_id)
    assert (status_of(shop, held), Shortfall.objects.get(shop=shop).quantity) == ("active", 1)
    buy(shop, ANA, 2 * HOUR, uuid=held.cart_token, named=held.reservation_id)
    assert (status_of(shop, held), numbers(shop)) == ("confirmed", (1, 0, 1))


def test_a_cart_of_what_was_bought_before_holds_for_itself() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    held = anas_cart(shop)
    buy(shop, ANA, MINUTE, uuid=held.cart_token, named=held.reservation_id)
    assert tell(shop, BETO, 3, MINUTE + 5, held.reservation_id) == "applied"
    assert (numbers(shop), cart_of(shop, BETO)) == ((5, 3, 1), derived_cart_token(shop.pk, BETO))


def test_it_does_so_too_where_the_order_did_not_know_shopifys_cart() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    held = hold(shop, cart=uuid4())
    buy(shop, None, 0, uuid=held.cart_token, named=held.reservation_id)
    assert tell(shop, ANA, 1, 30, held.reservation_id) == "ignored", "the bought cart's own last word"
    assert tell(shop, BETO, 3, HOUR, held.reservation_id) == "applied"
    assert numbers(shop) == (5, 3, 1)


@pytest.mark.parametrize("emptied_first", [True, False])
def test_a_cart_that_a_login_merged_takes_the_guests_holds_over(emptied_first: bool) -> None:
    shop, guest, member = make_shop(), ANA, BETO
    stock_of(shop, 1)
    held = anas_cart(shop)
    news = [(guest, 0, HOUR + 1, None), (member, 1, HOUR, held.reservation_id)]
    for token, units, at, named in news if emptied_first else news[::-1]:
        tell(shop, token, units, at, named)
    assert (cart_of(shop, member), units_of(shop, member), numbers(shop)) == (held.cart_token, 1, (1, 1, 0))
    tell(shop, guest, 0, HOUR + 2)
    assert units_of(shop, member) == 1
    if not emptied_first:
        assert status_of(shop, held) == "active"
    buy(shop, member, 2 * HOUR, uuid=held.cart_token)
    assert numbers(shop) == (1, 0, 1)


def test_a_guests_emptying_ends_no_hold_of_the_merged_cart() -> None:
    shop = make_shop()
    stock_of(shop, 3)
    held = anas_cart(shop)
    tell(shop, BETO, 2, HOUR, held.reservation_id)
    tell(shop, ANA, 0, 3 * HOUR)
    assert (units_of(shop, BETO), numbers(shop)) == (2, (3, 2, 0))


def test_a_copy_takes_no_hold_over_from_a_cart_that_is_emptied_later() -> None:
    shop = make_shop()
    stock_of(shop, 1)
    held = anas_cart(shop)
    tell(shop, BETO, 1, HOUR, held.reservation_id)
    tell(shop, ANA, 0, 2 * HOUR)
    assert (status_of(shop, held), cart_of(shop, BETO)) == ("released", derived_cart_token(shop.pk, BETO))


def test_the_first_token_has_the_hold_though_the_copy_was_heard_first() -> None:
    shop = make_shop()
    stock_of(shop, 3)
    held = hold(shop, cart=uuid4())
    tell(shop, BETO, 2, HOUR, held.reservation_id)
    tell(shop, ANA, 1, 0, held.reservation_id)
    assert cart_of(shop, ANA) == held.cart_token
    assert (units_of(shop, ANA), units_of(shop, BETO)) == (1, 2)
    tell(shop, BETO, 0, 2 * HOUR)
    assert status_of(shop, held) == "active"


def test_an_old_state_of_the_copy_changes_nobodys_hold() -> None:
    shop = make_shop()
    stock_of(shop, 3)
    held = anas_cart(shop)
    tell(shop, BETO, 0, 2 * HOUR)
    assert tell(shop, BETO, 1, HOUR, held.reservation_id) == "ignored"
    assert numbers(shop) == (3, 1, 0)


def test_a_dead_hold_names_no_cart() -> None:
    shop = make_shop()
    stock_of(shop, 3)
    held = hold(shop, cart=uuid4())
    outlive(held)
    tell(shop, BETO, 1, 7 * 24 * HOUR, held.reservation_id)
    assert (cart_of(shop, BETO), units_of(shop, BETO)) == (derived_cart_token(shop.pk, BETO), 1)


def test_a_cart_goes_on_by_its_name_after_its_hold_died() -> None:
    shop = make_shop()
    stock_of(shop, 3)
    held = anas_cart(shop)
    outlive(held)
    tell(shop, ANA, 1, HOUR, held.reservation_id)
    assert (cart_of(shop, ANA), units_of(shop, ANA)) == (held.cart_token, 1)


def test_a_hold_without_a_cart_counts_for_the_first_token_that_names_it() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    held = hold(shop)
    tell(shop, ANA, 1, 0, held.reservation_id)
    tell(shop, BETO, 1, HOUR, held.reservation_id)
    assert (units_of(shop, ANA), units_of(shop, BETO), numbers(shop)) == (0, 1, (5, 2, 0))
    buy(shop, BETO, 2 * HOUR, named=held.reservation_id)
    assert (status_of(shop, held), numbers(shop)) == ("active", (5, 1, 1))
    buy(shop, ANA, 3 * HOUR, named=held.reservation_id)
    assert (status_of(shop, held), numbers(shop)) == ("confirmed", (5, 0, 2))


def test_a_name_that_the_script_uses_again_after_its_order_is_the_next_carts() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    held = anas_cart(shop)
    buy(shop, ANA, MINUTE, uuid=held.cart_token, named=held.reservation_id)
    again = hold(shop, cart=held.cart_token)
    tell(shop, BETO, 1, HOUR, again.reservation_id)
    assert tell(shop, ANA, 0, 2 * HOUR) == "ignored"
    assert (cart_of(shop, BETO), status_of(shop, again), numbers(shop)) == (held.cart_token, "active", (5, 1, 1))


def test_a_copied_line_in_a_cart_of_ones_own_is_held_by_that_cart() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    stock_of(shop, 5, "SKU-2")
    held, own = anas_cart(shop), hold(shop, "SKU-2", cart=uuid4())
    tell(shop, BETO, 1, HOUR, own.reservation_id, "SKU-2")
    both: dict[str, Any] = cart_payload(token=BETO, hold=held.reservation_id)
    both["line_items"] += cart_payload(sku="SKU-2", hold=own.reservation_id)["line_items"]
    deliver(shop, "carts/update", both | {"updated_at": moment(2 * HOUR)})
    assert (cart_of(shop, ANA), cart_of(shop, BETO)) == (held.cart_token, own.cart_token)
    assert (numbers(shop), numbers(shop, "SKU-2")) == ((5, 2, 0), (5, 1, 0))


def test_a_line_that_also_says_whose_its_hold_is_names_the_hold() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    held = hold(shop, cart=uuid4())
    tell(shop, ANA, 1, 0, f"{held.reservation_id}:{str(held.cart_token)[-12:]}")
    assert (cart_of(shop, ANA), numbers(shop)) == (held.cart_token, (5, 1, 0))
