"""Hold budgets: what a shopper may hold without having paid, and who waits."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from reservations import engine
from reservations.engine import Line, Shopper
from reservations.models import Cooldown, Reservation, Shop, StockItem
from tests.factories import by_id, hold, hold_of_order, item, make_shop, numbers, settle_one, settle_order, stock_of
from tests.support.clock import jump

pytestmark = pytest.mark.django_db(transaction=True)

ANA, BETO = Shopper(customer="1001", address="203.0.113.7"), Shopper(customer="1002", address="203.0.113.8")
HOME = Shopper(address="203.0.113.9")
ELSEWHERE = Shopper(address="2001:db8:1:2::/64")
HOLD, CEILING = 600, 3_600


def refused(shop: Shop, shopper: Shopper, quantity: int = 1, cart: UUID | None = None) -> engine.HoldLimitReached:
    with pytest.raises(engine.HoldLimitReached) as refusal:
        hold(shop, quantity=quantity, cart=cart or uuid4(), shopper=shopper)
    return refusal.value


def a_shop(units: int = 100, **settings: object) -> Shop:
    shop = make_shop(**settings)
    stock_of(shop, units)
    return shop


def anonymous(shop: Shop) -> int:
    """The stock row's number, which must be what the rows say."""
    rows = Reservation.objects.filter(shop=shop, status="active", held_by="anonymous", order_id="")
    assert item(shop).anonymous == sum(rows.values_list("quantity", flat=True))
    return item(shop).anonymous


def test_a_customer_holds_so_many_units_whatever_the_carts_and_is_told_what_is_left_and_until_when() -> None:
    shop = a_shop(units_per_customer=5)
    first = hold(shop, quantity=2, cart=uuid4(), shopper=ANA)
    hold(shop, quantity=2, cart=uuid4(), shopper=ANA)
    told = refused(shop, ANA, 2)
    assert (told.budget, told.remaining, told.retry_at) == ("customer", 1, first.expires_at)
    hold(shop, cart=uuid4(), shopper=ANA)
    hold(shop, quantity=5, cart=uuid4(), shopper=BETO)
    assert numbers(shop) == (100, 10, 0)


def test_a_customer_has_so_many_holds_of_a_sku_and_as_many_of_another() -> None:
    shop = a_shop(holds_per_customer=2)
    stock_of(shop, 5, "SKU-2")
    for _ in range(2):
        hold(shop, cart=uuid4(), shopper=ANA)
        hold(shop, "SKU-2", cart=uuid4(), shopper=ANA)
    assert refused(shop, ANA).remaining == 0


def test_an_address_holds_so_many_units_and_a_household_still_buys() -> None:
    shop = a_shop()
    for _ in range(5):
        hold(shop, quantity=2, cart=uuid4(), shopper=HOME)
    hold(shop, quantity=10, cart=uuid4(), shopper=HOME)
    told = refused(shop, HOME)
    assert (told.budget, told.remaining) == ("address", 0)
    hold(shop, cart=uuid4(), shopper=ELSEWHERE)


def test_a_customers_address_counts_too() -> None:
    shop = a_shop(holds_per_address=1)
    hold(shop, cart=uuid4(), shopper=ANA)
    assert refused(shop, Shopper("1003", ANA.address)).budget == "address"


def test_shoppers_without_a_number_hold_a_share_together_and_a_customer_gets_the_rest() -> None:
    shop = a_shop(50, anonymous_percent=60, units_per_customer=50, max_units_per_line=30)
    first = hold(shop, quantity=20, cart=uuid4(), shopper=HOME)
    hold(shop, quantity=10, cart=uuid4(), shopper=Shopper())
    told = refused(shop, ELSEWHERE)
    assert (told.budget, told.remaining, told.retry_at) == ("anonymous", 0, first.expires_at)
    assert anonymous(shop) == 30
    hold(shop, quantity=20, cart=uuid4(), shopper=ANA)
    assert numbers(shop) == (50, 50, 0)


def test_the_share_is_never_less_than_one_cart_may_have() -> None:
    shop = a_shop(5, anonymous_percent=10)
    hold(shop, quantity=5, cart=uuid4(), shopper=HOME)
    assert numbers(shop) == (5, 5, 0)


def test_the_dead_holds_of_others_do_not_fill_the_share() -> None:
    shop = a_shop(20, anonymous_percent=50)
    hold(shop, quantity=10, cart=uuid4(), shopper=HOME)
    jump(shop, HOLD)
    hold(shop, quantity=10, cart=uuid4(), shopper=ELSEWHERE)
    assert anonymous(shop) == 10


def test_the_shops_own_server_is_limited_by_cart_alone() -> None:
    shop = a_shop(60, max_units_per_line=30, anonymous_percent=1, units_per_address=1)
    for _ in range(2):
        hold(shop, quantity=30, cart=uuid4())
    assert (numbers(shop), anonymous(shop)) == ((60, 60, 0), 0)


def test_a_new_shop_limits_the_units_of_a_cart_from_the_start() -> None:
    shop = Shop.objects.create(domain="new.myshopify.com")
    stock_of(shop, 100)
    with pytest.raises(engine.CartLimitExceeded) as refusal:
        hold(shop, quantity=11)
    assert refusal.value.most == 10


def test_who_pays_may_hold_again_at_once() -> None:
    shop = a_shop(units_per_customer=2)
    for _ in range(3):
        engine.confirm(shop.pk, by_id(hold(shop, quantity=2, cart=uuid4(), shopper=ANA)))
    assert numbers(shop) == (100, 0, 6)


def test_after_a_hold_that_ended_unpaid_its_shopper_waits_a_tenth_of_the_time_held() -> None:
    shop = a_shop(hold_seconds=HOLD)
    held = hold(shop, cart=uuid4(), shopper=ANA)
    jump(shop, HOLD)
    told = refused(shop, ANA)
    assert (told.budget, told.remaining) == ("wait", 0)
    ended = Reservation.objects.get(pk=held.reservation_id).expires_at
    assert told.retry_at == ended + timedelta(seconds=60)
    hold(shop, cart=uuid4(), shopper=BETO)
    jump(shop, 61)
    hold(shop, cart=uuid4(), shopper=ANA)


def test_the_wait_grows_with_each_hold_and_an_hour_without_one_clears_it() -> None:
    shop = a_shop(hold_seconds=HOLD)
    waits = []
    for quiet in (601, 601, 3_601):
        hold(shop, cart=uuid4(), shopper=ANA)
        jump(shop, HOLD)
        told = refused(shop, ANA)
        ended = Cooldown.objects.filter(shop=shop).latest("held_seconds").ended_at
        assert told.retry_at
        waits.append(round((told.retry_at - ended).total_seconds()))
        jump(shop, quiet)
    hold(shop, cart=uuid4(), shopper=ANA)
    assert waits == [60, 120, 180]


def test_a_payment_clears_the_wait() -> None:
    shop = a_shop(hold_seconds=HOLD)
    hold(shop, cart=uuid4(), shopper=ANA)
    jump(shop, HOLD / 2)
    paid = hold(shop, cart=uuid4(), shopper=ANA)
    jump(shop, HOLD / 2)
    assert refused(shop, ANA).budget == "wait"
    engine.confirm(shop.pk, by_id(paid))
    hold(shop, cart=uuid4(), shopper=ANA)


def test_what_is_put_into_a_cart_out_and_in_again_costs_nothing_but_to_hold_on_that_way_does() -> None:
    shop, cart = a_shop(hold_seconds=HOLD), uuid4()
    for _ in range(5):
        engine.release(shop.pk, by_id(hold(shop, cart=cart, shopper=HOME)))
    for _ in range(2):
        held = hold(shop, cart=cart, shopper=HOME)
        jump(shop, HOLD / 2)
        engine.release(shop.pk, by_id(held))
    assert refused(shop, HOME, cart=cart).budget == "wait"


def test_who_lets_the_last_unit_go_does_not_get_it_again_under_another_carts_name() -> None:
    shop = a_shop(1, hold_seconds=HOLD)
    hold(shop, cart=uuid4(), shopper=HOME)
    jump(shop, HOLD)
    told = refused(shop, HOME)
    assert (told.budget, told.remaining) == ("address", 0)
    hold(shop, cart=uuid4(), shopper=ELSEWHERE)


def test_beside_plenty_nobody_waits_for_a_neighbour() -> None:
    shop = a_shop(hold_seconds=HOLD)
    hold(shop, quantity=5, cart=uuid4(), shopper=HOME)
    jump(shop, HOLD)
    hold(shop, quantity=10, cart=uuid4(), shopper=HOME)


def test_a_lower_limit_takes_nothing_away_and_hinders_no_smaller_quantity_and_no_extension() -> None:
    shop, cart = a_shop(), uuid4()
    held = hold(shop, quantity=5, cart=cart, shopper=ANA)
    Shop.objects.filter(pk=shop.pk).update(units_per_customer=1)
    hold(shop, quantity=4, cart=cart, shopper=ANA)
    engine.extend(shop.pk, by_id(held))
    told = refused(shop, ANA, 5, cart)
    assert (told.budget, told.remaining) == ("customer", 0)
    assert numbers(shop) == (100, 4, 0)


def test_a_shopper_who_signs_in_leaves_the_share_and_counts_as_a_customer() -> None:
    shop, cart = a_shop(units_per_customer=3), uuid4()
    hold(shop, cart=cart, shopper=Shopper(address=ANA.address))
    hold(shop, quantity=2, cart=cart, shopper=ANA)
    assert anonymous(shop) == 0
    assert refused(shop, ANA, 2).remaining == 1


def test_carts_that_a_webhook_tells_of_count_and_hold_no_more_than_is_left() -> None:
    shop = a_shop(20, anonymous_percent=50)
    hold(shop, quantity=8, cart=uuid4(), shopper=HOME)
    cart = engine.Cart(uuid4(), [Line("SKU-1", 5)], shopper=Shopper())
    assert engine.hold_carts(shop.pk, [cart]) == [(engine.HoldLine("SKU-1", 5, 2),)]
    assert anonymous(shop) == 10


def test_a_cart_that_grows_by_webhook_counts_for_the_address_that_began_it() -> None:
    shop, cart = a_shop(units_per_address=5), uuid4()
    hold(shop, quantity=2, cart=uuid4(), shopper=HOME)
    hold(shop, cart=cart, shopper=HOME)
    engine.hold_carts(shop.pk, [engine.Cart(cart, [Line("SKU-1", 9)], shopper=Shopper())])
    assert numbers(shop) == (100, 5, 0)


def test_a_cart_that_turns_out_to_be_anothers_keeps_its_address() -> None:
    shop, guessed, known = a_shop(holds_per_address=1), uuid4(), uuid4()
    hold(shop, quantity=2, cart=guessed, shopper=HOME)
    engine.hold_carts(shop.pk, [engine.Cart(known, [Line("SKU-1", 2)], [guessed], Shopper())])
    assert refused(shop, HOME).budget == "address"
    assert (numbers(shop), anonymous(shop)) == ((100, 2, 0), 2)
    assert not Cooldown.objects.exists()


def test_an_unpaid_orders_hold_counts_for_nobody() -> None:
    shop, cart = a_shop(holds_per_address=1), uuid4()
    hold(shop, cart=cart, shopper=HOME)
    until = Reservation.objects.get(shop=shop).expires_at + timedelta(minutes=30)
    settle_one(shop.pk, engine.Order("1001", [engine.OrderLine("SKU-1", 1, 1)], carts=[cart], held_until=until))
    assert anonymous(shop) == 0
    hold(shop, cart=uuid4(), shopper=HOME)
    hold_of_order(shop, "1002")


@pytest.mark.parametrize("end", ["confirmed", "released", "expired", "an order's"])
def test_who_held_is_forgotten_with_the_hold(end: str) -> None:
    shop, cart = a_shop(), uuid4()
    held = hold(shop, cart=cart, shopper=ANA)
    row = Reservation.objects.get(shop=shop)
    assert row.customer_key and row.address_key
    if end == "confirmed":
        engine.confirm(shop.pk, by_id(held))
    elif end == "released":
        engine.release(shop.pk, by_id(held))
    elif end == "expired":
        jump(shop, HOLD)
        engine.expire(shop.pk)
    else:
        settle_order(shop, "1001", 1, cart=cart)
    row.refresh_from_db()
    keys: list[int | None] = [row.customer_key, row.address_key]
    assert (row.held_by, keys) == ("customer", [None, None])


def test_one_shopper_has_other_hashes_in_each_shop_and_for_each_sku() -> None:
    shops = [a_shop(), a_shop()]
    for shop in shops:
        stock_of(shop, 1, "SKU-2")
        for sku in ("SKU-1", "SKU-2"):
            hold(shop, sku, cart=uuid4(), shopper=ANA)
    keys = Reservation.objects.filter(shop__in=shops).values_list("customer_key", "address_key")
    assert len({key for pair in keys for key in pair}) == 8


def test_the_number_of_anonymous_units_heals_where_an_older_release_ended_such_holds() -> None:
    shop = a_shop(20, anonymous_percent=50)
    StockItem.objects.filter(shop=shop).update(anonymous=10)
    hold(shop, quantity=10, cart=uuid4(), shopper=HOME)
    assert anonymous(shop) == 10
