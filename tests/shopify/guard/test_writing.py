"""The guard follows the stock: what Shopify's checkout reads of a scarce SKU."""

import time
from datetime import timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db.models.functions import Now

from reservations import engine
from reservations.models import Shop, ShopifyInstallation, SkuLink, VariantGuard
from reservations.shopify.guard.metafield_write import write_due_guards
from reservations.shopify.guard.stale_guards import due_variants, shops_with_due_guards
from reservations.shopify.guard.stock_facts import scarce_variants
from sandbox.shopify import RunningStandIn
from tests.factories import by_id, hold, outlive, stock_of
from tests.shopify.guard.checkout import guards, scarce_shop, shop_with, short, write
from tests.shopify.stores import installation, operations
from tests.support.patience import wait_until

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
]


def _writes(shopify: RunningStandIn, shop: Shop) -> int:
    return len([row for row in operations(shopify, shop) if "metafields" in row["operation"]])


def test_a_scarce_sku_tells_the_checkout_its_free_units_and_its_holds(shopify: RunningStandIn) -> None:
    shop = scarce_shop(shopify, 3)
    held = hold(shop, quantity=2, cart=uuid4())
    assert write_due_guards(shop.pk) == 1
    assert guards(shopify, shop) == {"SKU-1": {"free": 1, "holds": {short(held.reservation_id): 2}}}


def test_a_sku_that_is_not_scarce_tells_nothing(shopify: RunningStandIn) -> None:
    shop = scarce_shop(shopify, 11)
    assert (write_due_guards(shop.pk), guards(shopify, shop)) == (0, {})


def test_the_threshold_is_the_shops_and_counts_what_is_free(shopify: RunningStandIn) -> None:
    shop = scarce_shop(shopify, 5, scarcity_threshold=3)
    assert write_due_guards(shop.pk) == 0
    hold(shop, quantity=2)
    assert write_due_guards(shop.pk) == 1
    assert guards(shopify, shop)["SKU-1"]["free"] == 3


def test_the_guard_is_cleared_when_the_sku_is_no_longer_scarce(shopify: RunningStandIn) -> None:
    shop = scarce_shop(shopify, 1)
    write(shop)
    engine.apply_count(shop.pk, "SKU-1", 500)
    assert write(shop) == 1
    assert guards(shopify, shop) == {}
    assert write(shop) == 0


def test_every_begin_and_end_of_a_hold_is_told(shopify: RunningStandIn) -> None:
    shop = scarce_shop(shopify, 2)
    ana, beto = hold(shop, cart=uuid4()), hold(shop, cart=uuid4())
    write(shop)
    assert guards(shopify, shop)["SKU-1"]["holds"] == {short(one.reservation_id): 1 for one in (ana, beto)}
    engine.release(shop.pk, by_id(ana))
    write(shop)
    assert guards(shopify, shop)["SKU-1"] == {"free": 1, "holds": {short(beto.reservation_id): 1}}
    engine.confirm(shop.pk, by_id(beto))
    write(shop)
    assert guards(shopify, shop)["SKU-1"] == {"free": 1, "holds": {}}


def test_a_hold_that_dies_by_the_clock_leaves_the_guard_before_any_job_expires_it(shopify: RunningStandIn) -> None:
    shop = scarce_shop(shopify, 1, hold_seconds=1)
    hold(shop, cart=uuid4())
    write_due_guards(shop.pk)
    assert guards(shopify, shop)["SKU-1"]["free"] == 0
    wait_until(lambda: write_due_guards(shop.pk))
    assert guards(shopify, shop)["SKU-1"] == {"free": 1, "holds": {}}


def test_nothing_is_written_while_nothing_changes(shopify: RunningStandIn) -> None:
    shop = scarce_shop(shopify, 1)
    # The first answer brings the product's title, which the second write tells.
    assert [write(shop), write(shop), write(shop), write(shop)] == [1, 1, 0, 0]
    assert _writes(shopify, shop) == 2


def test_changes_within_a_second_are_told_together(shopify: RunningStandIn) -> None:
    shop = scarce_shop(shopify, 5)
    write_due_guards(shop.pk)
    for _ in range(3):
        hold(shop, cart=uuid4())
        assert write_due_guards(shop.pk) == 0
    time.sleep(1.05)
    assert write_due_guards(shop.pk) == 1
    assert len(guards(shopify, shop)["SKU-1"]["holds"]) == 3
    assert _writes(shopify, shop) == 2


def test_forty_variants_take_two_calls(shopify: RunningStandIn) -> None:
    skus = [f"SKU-{number:02}" for number in range(40)]
    shop = shop_with(shopify, *skus)
    for sku in skus:
        stock_of(shop, 1, sku)
    assert write_due_guards(shop.pk) == 40
    assert set(guards(shopify, shop)) == set(skus)
    assert _writes(shopify, shop) == 2


def test_each_variant_of_a_shared_sku_carries_its_guard(shopify: RunningStandIn) -> None:
    shop = shop_with(shopify, "TWICE", "TWICE")
    stock_of(shop, 1, "TWICE")
    assert write_due_guards(shop.pk) == 2


def test_a_variant_that_comes_to_another_sku_tells_of_that_one(shopify: RunningStandIn) -> None:
    shop = shop_with(shopify, "OLD")
    stock_of(shop, 1, "OLD")
    stock_of(shop, 4, "NEW")
    write(shop)
    SkuLink.objects.filter(shop=shop).update(sku="NEW", synced_at=Now())
    write(shop)
    assert guards(shopify, shop)["OLD"] == {"free": 4, "holds": {}}
    SkuLink.objects.filter(shop=shop).update(sku="NOT IN STOCK", synced_at=Now())
    write(shop)
    assert guards(shopify, shop) == {}


def test_a_shortfall_tells_that_nothing_is_free(shopify: RunningStandIn) -> None:
    shop = scarce_shop(shopify, 5)
    hold(shop, quantity=5)
    engine.apply_count(shop.pk, "SKU-1", 2)
    write(shop)
    assert guards(shopify, shop)["SKU-1"]["free"] == 0


@pytest.mark.parametrize("kind", ["throttled", "too_many", "unavailable", "error_before", "cut_after"])
def test_trouble_that_passes_delays_the_guard_and_loses_nothing(shopify: RunningStandIn, kind: str) -> None:
    shop = scarce_shop(shopify, 1)
    shopify.control.post("faults", kind=kind, on="re:metafieldsSet", seconds=0.1, times=1)
    assert write_due_guards(shop.pk) == 1
    assert guards(shopify, shop)["SKU-1"]["free"] == 1


@pytest.mark.usefixtures("one_try")
def test_trouble_that_lasts_is_kept_with_its_reason_and_tried_again(shopify: RunningStandIn) -> None:
    shop = scarce_shop(shopify, 1)
    shopify.control.post("faults", kind="bad_gateway", on="re:metafieldsSet", times=None)
    assert write_due_guards(shop.pk) == 0
    guard = VariantGuard.objects.get(shop=shop)
    assert (guard.failures, guard.written_at, guard.claimed_until) == (1, None, None)
    assert "502" in guard.problem
    assert guard.retry_at is not None
    assert due_variants(shop.pk, 1) == []
    shopify.control.post("faults/clear")
    assert write(shop) == 1
    assert VariantGuard.objects.get(shop=shop).problem == ""


@pytest.mark.usefixtures("one_try")
def test_an_answer_that_was_lost_never_leaves_a_guard_that_nobody_clears(shopify: RunningStandIn) -> None:
    shop = scarce_shop(shopify, 1)
    shopify.control.post("faults", kind="cut_after", on="re:metafieldsSet", times=None)
    write_due_guards(shop.pk)
    assert "SKU-1" in guards(shopify, shop)
    engine.apply_count(shop.pk, "SKU-1", 500)
    assert write(shop) == 1
    assert guards(shopify, shop) == {}


def test_a_variant_that_is_gone_does_not_keep_the_others_from_their_guard(shopify: RunningStandIn) -> None:
    shop = scarce_shop(shopify, 1)
    SkuLink.objects.create(shop=shop, variant_id=999, sku="SKU-1", synced_at=Now())
    assert write_due_guards(shop.pk) == 1
    assert guards(shopify, shop)["SKU-1"]["free"] == 1
    assert "Owner does not exist" in VariantGuard.objects.get(shop=shop, variant_id=999).problem


def test_a_shop_that_installs_the_app_again_is_told_everything_anew(shopify: RunningStandIn) -> None:
    shop = scarce_shop(shopify, 1)
    write_due_guards(shop.pk)
    known = installation(shop)
    type(known).objects.filter(pk=known.pk).update(installed_at=Now())
    assert write_due_guards(shop.pk) == 0
    time.sleep(1.05)
    assert write_due_guards(shop.pk) == 1


def test_a_shop_that_the_app_has_left_is_not_told_anything(shopify: RunningStandIn) -> None:
    shop = scarce_shop(shopify, 1)
    known = installation(shop)
    type(known).objects.filter(pk=known.pk).update(state="uninstalled", access_token="", refresh_token="")
    assert shop.pk not in shops_with_due_guards()
    assert write_due_guards(shop.pk) == 0


def test_one_shops_guards_are_no_other_shops_work(shopify: RunningStandIn) -> None:
    shop, other = scarce_shop(shopify, 1), scarce_shop(shopify, 1)
    assert set(shops_with_due_guards()) == {shop.pk, other.pk}
    write_due_guards(shop.pk)
    assert shops_with_due_guards() == [other.pk]
    assert guards(shopify, other) == {}


def test_a_dead_hold_is_free_in_the_guard_though_the_counter_still_has_it(shopify: RunningStandIn) -> None:
    shop = scarce_shop(shopify, 1)
    outlive(hold(shop, cart=uuid4()))
    write(shop)
    assert guards(shopify, shop)["SKU-1"] == {"free": 1, "holds": {}}


def test_the_checkout_is_told_the_products_title_as_shopify_answers_it(shopify: RunningStandIn) -> None:
    shop = scarce_shop(shopify, 1)
    write(shop)
    assert VariantGuard.objects.get(shop=shop).title == "Camiseta"
    write(shop)
    assert VariantGuard.objects.get(shop=shop).value.endswith('~Camiseta"')


def test_a_value_of_an_older_version_is_written_anew(shopify: RunningStandIn) -> None:
    shop = scarce_shop(shopify, 1)
    write(shop)
    write(shop)
    VariantGuard.objects.filter(shop=shop).update(value='{"free":1,"holds":{}}')
    assert write(shop) == 1


def test_the_checkout_is_told_until_when_others_hold_the_last_unit(shopify: RunningStandIn) -> None:
    shop = scarce_shop(shopify, 1)
    ShopifyInstallation.objects.filter(shop=shop).update(time_zone="Asia/Kolkata")
    held = hold(shop, cart=uuid4())
    write(shop)
    until = held.expires_at.astimezone(ZoneInfo("Asia/Kolkata"))
    told = f"{short(held.reservation_id)}0{until:%H%M}~"
    assert told in VariantGuard.objects.get(shop=shop).value


@pytest.mark.parametrize("count", [0, 2])
def test_no_time_is_told_where_it_helps_no_buyer(shopify: RunningStandIn, count: int) -> None:
    shop = scarce_shop(shopify, 1)
    hold(shop, cart=uuid4())
    engine.apply_count(shop.pk, "SKU-1", count)
    (facts,) = scarce_variants(shop.pk, list(SkuLink.objects.values_list("variant_id", flat=True))).values()
    assert facts.until is None


def test_no_time_is_told_that_is_half_a_day_away(shopify: RunningStandIn) -> None:
    shop = scarce_shop(shopify, 1, hold_seconds=46_800, hold_ceiling_seconds=46_800)
    hold(shop, cart=uuid4())
    (facts,) = scarce_variants(shop.pk, list(SkuLink.objects.values_list("variant_id", flat=True))).values()
    assert (facts.until, facts.next_expiry is None) == (None, False)


def test_all_holds_of_a_sku_with_several_are_in_the_table(shopify: RunningStandIn) -> None:
    shop = scarce_shop(shopify, 300)
    held = [hold(shop, cart=uuid4()) for _ in range(292)]
    write(shop)
    assert guards(shopify, shop)["SKU-1"] == {"free": 8, "holds": {short(one.reservation_id): 1 for one in held}}


def test_a_validation_that_is_made_anew_is_told_the_table(shopify: RunningStandIn) -> None:
    shop = scarce_shop(shopify, 2)
    ana, beto = hold(shop, cart=uuid4()), hold(shop, cart=uuid4())
    write(shop)
    write(shop)
    known = installation(shop)
    type(known).objects.filter(pk=known.pk).update(
        hold_table_told={"validation": "gid://shopify/Validation/1", "pages": []}
    )
    assert shops_with_due_guards() == [shop.pk]
    write(shop)
    assert shops_with_due_guards() == []
    assert set(guards(shopify, shop)["SKU-1"]["holds"]) == {short(ana.reservation_id), short(beto.reservation_id)}


def test_a_shop_has_one_writer_at_a_time(shopify: RunningStandIn) -> None:
    shop = scarce_shop(shopify, 1)
    known = installation(shop)
    type(known).objects.filter(pk=known.pk).update(guard_lease=uuid4(), guard_lease_until=Now() + timedelta(seconds=20))
    assert (write_due_guards(shop.pk), guards(shopify, shop)) == (0, {})
    type(known).objects.filter(pk=known.pk).update(guard_lease_until=Now() - timedelta(seconds=1))
    assert write_due_guards(shop.pk) == 1
