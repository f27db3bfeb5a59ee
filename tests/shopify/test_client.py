"""The client waits when Shopify asks it to, retries what it may, and gives up in time."""

import pytest
from django.db import transaction
from pytest_django import Settings

from reservations.models import InstallationState, Shop
from reservations.shopify.client import admin_api
from reservations.shopify.client.cost_bucket import Budget
from reservations.shopify.errors import NeedsReopen, NotInstalled, Refused, ShopifyError, Unreachable, UserErrors
from sandbox.shopify import RunningStandIn
from tests.factories import make_shop
from tests.shopify.answering import answering
from tests.shopify.stores import installation, installed_shop, issued, operations
from tests.support import stopwatch

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
]

GRAPHQL = "re:graphql"


def asked(shop: Shop) -> bool:
    """Ask for something harmless; returns whether the answer is whole."""
    scopes = admin_api.call(shop.pk, "installation")["currentAppInstallation"]["accessScopes"]
    return "read_products" in {scope["handle"] for scope in scopes}


@pytest.mark.parametrize(
    "kind",
    ["throttled", "too_many", "internal", "unavailable", "bad_gateway", "error_before", "cut_before", "cut_after"],
)
def test_a_call_that_is_safe_to_repeat_survives_each_kind_of_trouble(shopify: RunningStandIn, kind: str) -> None:
    shop = installed_shop(shopify)
    shopify.control.post("faults", kind=kind, on=GRAPHQL, seconds=0.1, times=2)
    assert asked(shop)
    assert len(operations(shopify, shop)) == 3


@pytest.mark.parametrize("kind", ["error_after", "cut_after", "bad_gateway"])
def test_a_call_that_is_not_safe_to_repeat_is_not_sent_twice(shopify: RunningStandIn, kind: str) -> None:
    shop = installed_shop(shopify)
    shopify.control.post("faults", kind=kind, on=GRAPHQL, times=1)
    with pytest.raises(Unreachable):
        admin_api.call(shop.pk, "installation", repeatable=False)
    assert len(operations(shopify, shop)) == 1


@pytest.mark.parametrize("kind", ["throttled", "too_many"])
def test_a_refusal_before_any_effect_is_repeated_whatever_the_call(shopify: RunningStandIn, kind: str) -> None:
    shop = installed_shop(shopify)
    shopify.control.post("faults", kind=kind, on=GRAPHQL, seconds=0.1, times=1)
    assert admin_api.call(shop.pk, "installation", repeatable=False)
    assert len(operations(shopify, shop)) == 2


def test_a_token_that_is_refused_is_renewed_once_and_the_call_goes_on(shopify: RunningStandIn) -> None:
    shop = installed_shop(shopify)
    shopify.control.post("clock", seconds=3_700)
    assert asked(shop)
    assert issued(shopify, shop) == ["exchange", "refresh"]


def test_a_shop_that_refuses_every_token_needs_its_merchant(shopify: RunningStandIn) -> None:
    shop = installed_shop(shopify)
    shopify.control.post("faults", kind="unauthorized", on=GRAPHQL, times=None)
    with pytest.raises(NeedsReopen):
        asked(shop)
    assert installation(shop).state == InstallationState.NEEDS_REOPEN
    assert len(operations(shopify, shop)) == 2


def test_trouble_without_end_ends_at_the_deadline(shopify: RunningStandIn) -> None:
    shop = installed_shop(shopify)
    shopify.control.post("faults", kind="bad_gateway", on=GRAPHQL, times=None)
    started = stopwatch.now()
    with pytest.raises(Unreachable):
        admin_api.call(shop.pk, "installation", seconds=2.0)
    stopwatch.judge(stopwatch.now() - started, promised=4.0)


def test_an_answer_that_never_comes_ends_at_the_deadline(shopify: RunningStandIn) -> None:
    shop = installed_shop(shopify)
    shopify.control.post("faults", kind="slow", on=GRAPHQL, seconds=1_000.0, times=1)
    started = stopwatch.now()
    with pytest.raises(Unreachable):
        admin_api.call(shop.pk, "installation", seconds=1.0)
    stopwatch.judge(stopwatch.now() - started, promised=2.5)


def test_what_graphql_refuses_is_not_tried_again(shopify: RunningStandIn) -> None:
    shop = installed_shop(shopify)
    shopify.control.post("rules", shop=shop.domain, scopes=["read_products"])
    with pytest.raises(Refused):
        admin_api.call(shop.pk, "tag_order", {"id": "gid://shopify/Order/1", "tags": ["x"]})
    assert len(operations(shopify, shop)) == 1


def test_user_errors_of_a_mutation_are_raised(shopify: RunningStandIn) -> None:
    shop = installed_shop(shopify)
    with pytest.raises((UserErrors, Refused)):
        admin_api.mutate(shop.pk, "tag_order", {"id": "gid://shopify/Order/1", "tags": ["x"]})


def test_nothing_is_asked_inside_a_transaction(shopify: RunningStandIn) -> None:
    shop = installed_shop(shopify)
    with transaction.atomic(), pytest.raises(RuntimeError):
        admin_api.call(shop.pk, "installation")
    assert operations(shopify, shop) == []


def test_nothing_is_asked_of_a_shop_without_the_app(shopify: RunningStandIn) -> None:
    with pytest.raises(NotInstalled):
        admin_api.call(make_shop().pk, "installation")


def test_an_empty_bucket_is_waited_for_before_the_call() -> None:
    now = 0.0
    budget = Budget(clock=lambda: now)
    assert budget.seconds_to_wait(1, "query") == 0
    status = {"maximumAvailable": 2000.0, "currentlyAvailable": 40.0, "restoreRate": 100.0}
    budget.learn(1, "query", {"requestedQueryCost": 240, "throttleStatus": status})
    assert budget.seconds_to_wait(1, "query") == pytest.approx(2.0)
    assert budget.seconds_to_wait(1, "never seen") == 0
    assert budget.seconds_to_wait(2, "query") == 0
    now = 1.5
    assert budget.seconds_to_wait(1, "query") == pytest.approx(0.5)
    now = 60.0
    assert budget.seconds_to_wait(1, "query") == 0


@pytest.mark.parametrize("cost", [{}, {"throttleStatus": None}, {"requestedQueryCost": "x", "throttleStatus": {}}])
def test_a_cost_that_makes_no_sense_is_left_out(cost: dict[str, object]) -> None:
    budget = Budget()
    budget.learn(1, "query", cost)
    assert budget.seconds_to_wait(1, "query") == 0


def test_points_that_were_used_up_come_back_before_the_next_call(shopify: RunningStandIn) -> None:
    shop = installed_shop(shopify)
    shopify.control.post("rules", shop=shop.domain, bucket_points=12.0, restore_points=20.0)
    for _ in range(4):
        assert asked(shop)
    assert all(request["status"] == 200 for request in operations(shopify, shop))


def test_an_answer_that_is_not_json_is_an_error_and_no_crash(shopify: RunningStandIn, settings: Settings) -> None:
    shop = installed_shop(shopify)
    settings.SHOPIFY_ADMIN_URL = f"{shopify.url}/_control/stores?"
    with pytest.raises(ShopifyError):
        admin_api.call(shop.pk, "installation", seconds=2.0)


@pytest.mark.parametrize("body", [{"data": None}, {}, [], b"<html>", {"data": []}, {"errors": []}])
def test_an_answer_without_data_is_an_error_and_no_empty_shop(
    shopify: RunningStandIn, settings: Settings, body: object
) -> None:
    shop = installed_shop(shopify)
    with answering(settings, 200, body), pytest.raises(ShopifyError):
        admin_api.call(shop.pk, "variants", {"after": None})


def test_a_mutation_without_a_payload_was_not_carried_out(shopify: RunningStandIn, settings: Settings) -> None:
    shop = installed_shop(shopify)
    with answering(settings, 200, {"data": {"tagsAdd": None}}), pytest.raises(ShopifyError):
        admin_api.mutate(shop.pk, "tag_order", {"id": "gid://shopify/Order/1", "tags": ["x"]})


def test_nothing_is_sent_for_which_no_time_is_left(shopify: RunningStandIn, settings: Settings) -> None:
    shop = installed_shop(shopify)
    admin_api.budget.learn(
        shop.pk,
        "tag_order",
        {
            "requestedQueryCost": 1_000,
            "throttleStatus": {"maximumAvailable": 2_000, "currentlyAvailable": 0, "restoreRate": 1},
        },
    )
    with answering(settings, 200, {"data": {}}) as requests, pytest.raises(Unreachable) as refusal:
        admin_api.mutate(
            shop.pk, "tag_order", {"id": "gid://shopify/Order/1", "tags": []}, seconds=0.3, repeatable=False
        )
    assert requests == []
    assert not refusal.value.sent


def test_an_answer_that_drips_ends_at_the_deadline(shopify: RunningStandIn, settings: Settings) -> None:
    shop = installed_shop(shopify)
    started = stopwatch.now()
    with answering(settings, 200, {"data": {}}, drips_seconds=1_000.0), pytest.raises(Unreachable) as trouble:
        admin_api.call(shop.pk, "installation", seconds=2.0)
    stopwatch.judge(stopwatch.now() - started, promised=4.0)
    assert trouble.value.sent
