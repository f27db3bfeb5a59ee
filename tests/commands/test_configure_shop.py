"""configure_shop: the merchant's decisions, with a check of each value."""

import pytest
from django.core.management.base import CommandError

from reservations import engine
from reservations.models import Shop
from reservations.new_shop import setting_fields
from tests.factories import hold, make_shop, stock_of
from tests.support.terminal import output_of

pytestmark = pytest.mark.django_db


def test_every_setting_of_the_model_has_its_option() -> None:
    names = {field.name for field in setting_fields()}
    assert {"name", "hold_seconds", "hold_ceiling_seconds", "max_units_per_line"} <= names
    assert names.isdisjoint({"id", "domain", "created_at"})


def test_a_changed_hold_rules_the_next_reservation() -> None:
    shop = make_shop()
    stock_of(shop, 1)
    output_of("configure_shop", shop.domain, "--hold-seconds", "1")
    held = hold(shop)
    assert (held.expires_at - held.created_at).total_seconds() == 1


def test_a_setting_that_is_not_named_stays_as_it_was() -> None:
    shop = make_shop(max_units_per_line=3)
    output_of("configure_shop", shop.domain, "--hold-seconds", "900", "--name", "Loja da Ana")
    shop.refresh_from_db()
    assert (shop.hold_seconds, shop.name, shop.max_units_per_line) == (900, "Loja da Ana", 3)


def test_without_a_setting_the_command_shows_them_all() -> None:
    output = output_of("configure_shop", make_shop(hold_seconds=77).domain)
    assert "hold-seconds: 77" in output
    assert "max-units-per-line: none" in output


@pytest.mark.parametrize("nothing", ["none", ""])
def test_a_limit_is_lifted_with_the_word_none(nothing: str) -> None:
    shop = make_shop(max_units_per_line=2)
    stock_of(shop, 5)
    output_of("configure_shop", shop.domain, f"--max-units-per-line={nothing}")
    assert hold(shop, quantity=5).quantity == 5


def test_a_limit_holds_back_a_cart_that_wants_more() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    output_of("configure_shop", shop.domain, "--max-units-per-line", "2")
    with pytest.raises(engine.CartLimitExceeded):
        hold(shop, quantity=3)


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("hold-seconds", "0"),
        ("hold-seconds", "-5"),
        ("hold-seconds", "86401"),
        ("hold-seconds", "dez"),
        ("hold-seconds", "none"),
        ("hold-seconds", ""),
        ("hold-seconds", "1.5"),
        ("hold-ceiling-seconds", "599"),
        ("hold-ceiling-seconds", "86401"),
        ("max-units-per-line", "0"),
        ("max-units-per-line", "1000001"),
        ("name", "n" * 256),
    ],
)
def test_a_value_out_of_range_is_refused_and_named(option: str, value: str) -> None:
    shop = make_shop()
    with pytest.raises(CommandError, match=option):
        output_of("configure_shop", shop.domain, f"--{option}={value}")
    assert Shop.objects.values().get() == Shop.objects.filter(pk=shop.pk, hold_seconds=600).values().get()


def test_an_unknown_shop_is_named_in_the_refusal() -> None:
    with pytest.raises(CommandError, match=r"There is no shop nobody\.myshopify\.com"):
        output_of("configure_shop", "nobody.myshopify.com", "--hold-seconds", "5")
