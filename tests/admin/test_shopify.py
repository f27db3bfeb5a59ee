"""Shopify's side in the admin: staff see it, cannot edit it, and see no token."""

import pytest
from django.db.models.functions import Now

from plumbing.encryption import encrypt
from reservations.models import PublishedLevel, Shop, ShopifyInstallation, SkuLink, VariantGuard
from tests.admin.staff import page, signed_in, text_of
from tests.factories import make_shop, stock_of

pytestmark = pytest.mark.django_db


def _link(shop: Shop, variant_id: int, sku: str) -> SkuLink:
    return SkuLink.objects.create(shop=shop, variant_id=variant_id, sku=sku, synced_at=Now())


def test_the_checkout_validation_and_what_stands_in_its_way_are_shown() -> None:
    shop = make_shop()
    installation = ShopifyInstallation.objects.create(
        shop=shop,
        installed_at=Now(),
        access_token=encrypt("shpat_secret", owner=f"shop:{shop.pk}:shopify"),
        validation_state="failed",
        problem="FUNCTION_NOT_FOUND",
    )
    staff = signed_in()
    shown = text_of(staff.get(page("shopifyinstallation_changelist")))
    assert "could not be created" in shown
    assert "FUNCTION_NOT_FOUND" in shown
    detail = text_of(staff.get(page("shopifyinstallation_change", installation.pk)))
    assert "FUNCTION_NOT_FOUND" in detail
    assert installation.access_token not in detail
    assert "shpat_" not in detail


@pytest.mark.parametrize(("mismatch", "shown"), [("no_sku", {"4"}), ("not_in_stock", {"3"}), ("repeated", {"1", "2"})])
def test_variants_that_do_not_match_the_stock_can_be_listed(mismatch: str, shown: set[str]) -> None:
    shop, other = make_shop(), make_shop()
    stock_of(shop, 1, "A")
    for variant_id, sku in ((1, "A"), (2, "A"), (3, "B"), (4, "")):
        _link(shop, variant_id, sku)
    stock_of(other, 1, "B")
    _link(other, 5, "B")
    listed = signed_in().get(f"{page('skulink_changelist')}?mismatch={mismatch}")
    assert {str(row.variant_id) for row in listed.context["cl"].queryset} == shown


def test_guards_and_levels_show_what_was_told_and_what_was_refused() -> None:
    shop = make_shop()
    VariantGuard.objects.create(shop=shop, variant_id=7, value='{"free":1}', problem="Owner does not exist.")
    PublishedLevel.objects.create(shop=shop, inventory_item_id=8, location_id=9, seen=3, problem="not stocked here")
    staff = signed_in()
    assert "Owner does not exist." in text_of(staff.get(page("variantguard_changelist")))
    assert "not stocked here" in text_of(staff.get(page("publishedlevel_changelist")))


def test_nobody_adds_edits_or_deletes_what_the_service_writes() -> None:
    guard = VariantGuard.objects.create(shop=make_shop(), variant_id=7)
    staff = signed_in()
    assert staff.get(page("variantguard_add")).status_code == 403
    assert staff.get(page("variantguard_delete", guard.pk)).status_code == 403
    assert staff.post(page("variantguard_change", guard.pk), {"value": "x"}).status_code == 403
