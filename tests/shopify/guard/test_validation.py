"""The checkout's validation: we make it once, find it again, and show its true state."""

from typing import Any

import pytest

from reservations.models import Shop, ValidationState
from reservations.shopify.guard.validation import _known_zone, ensure_validation, shops_to_look_at
from sandbox.shopify import RunningStandIn
from tests.shopify.stores import installation, installed_shop

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
]


def _validations(shopify: RunningStandIn, shop: Shop) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = shopify.control.get(f"validations?shop={shop.domain}")["validations"]
    return found


def test_a_new_installation_gets_its_validation_switched_on(shopify: RunningStandIn) -> None:
    shop = installed_shop(shopify)
    assert shops_to_look_at() == [shop.pk]
    assert ensure_validation(shop.pk) == ValidationState.ON
    assert [(one["function"], one["enabled"]) for one in _validations(shopify, shop)] == [("bazico-guard", True)]
    known = installation(shop)
    assert (known.validation_state, known.problem) == ("on", "")
    assert known.validation_id.startswith("gid://shopify/Validation/")
    assert shops_to_look_at() == []


def test_the_shops_time_zone_is_learned_with_it(shopify: RunningStandIn) -> None:
    shop = installed_shop(shopify)
    ensure_validation(shop.pk)
    assert installation(shop).time_zone == "America/Sao_Paulo"


def test_a_time_zone_that_this_machine_does_not_know_is_none() -> None:
    assert [_known_zone(name) for name in ("America/Manaus", "America/Nowhere", "", "../etc")] == [
        "America/Manaus",
        "",
        "",
        "",
    ]


def test_a_validation_that_exists_is_not_made_twice(shopify: RunningStandIn) -> None:
    shop = installed_shop(shopify)
    for _ in range(3):
        ensure_validation(shop.pk)
    assert len(_validations(shopify, shop)) == 1


def test_an_answer_that_was_lost_makes_no_second_validation(shopify: RunningStandIn) -> None:
    shop = installed_shop(shopify)
    shopify.control.post("faults", kind="cut_after", on="re:validationCreate", times=1)
    assert ensure_validation(shop.pk) == ValidationState.FAILED
    assert ensure_validation(shop.pk) == ValidationState.ON
    assert len(_validations(shopify, shop)) == 1


def test_a_function_that_was_not_deployed_is_said_so_and_tried_again(shopify: RunningStandIn) -> None:
    shop = installed_shop(shopify)
    shopify.control.post("rules", shop=shop.domain, functions=[])
    assert ensure_validation(shop.pk) == ValidationState.FAILED
    assert "FUNCTION_NOT_FOUND" in installation(shop).problem
    shopify.control.post("rules", shop=shop.domain, functions=["bazico-guard"])
    assert ensure_validation(shop.pk) == ValidationState.ON
    assert installation(shop).problem == ""


def test_a_validation_that_the_merchant_switched_off_stays_off_and_is_shown(shopify: RunningStandIn) -> None:
    shop = installed_shop(shopify)
    ensure_validation(shop.pk)
    store = shopify.shopify.stores[shop.domain]
    for validation in store.validations.values():
        validation.enabled = False
    assert ensure_validation(shop.pk) == ValidationState.OFF
    assert [one["enabled"] for one in _validations(shopify, shop)] == [False]
