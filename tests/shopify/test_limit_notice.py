"""What the theme's block is told of the shop's limits: once, again when they change, and to an app that came anew."""

from typing import Any

import orjson
import pytest
from django.db.models.functions import Now

from reservations.models import Shop, ShopifyInstallation
from reservations.shopify.limit_notice import shops_to_tell, tell
from sandbox.shopify import RunningStandIn
from tests.extensions.places import THEME
from tests.shopify.stores import installed_shop

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
]


def told(shopify: RunningStandIn, shop: Shop) -> Any:
    """What the metafield says."""
    rows = shopify.control.get(f"metafields?shop={shop.domain}")["metafields"]
    (row,) = [row for row in rows if (row["namespace"], row["key"]) == ("bazico", "limits")]
    assert row["owner"].startswith("gid://shopify/AppInstallation/")
    return orjson.loads(row["value"])


def test_the_theme_is_told_the_limits_and_again_when_they_change(shopify: RunningStandIn) -> None:
    shop = installed_shop(shopify, max_units_per_line=2, units_per_customer=4, anonymous_percent=80)
    assert shops_to_tell() == [shop.pk]
    assert tell(shop.pk)
    assert told(shopify, shop) == {"per_cart": 2, "per_customer": 4, "per_address": 20, "anonymous_percent": 80}
    assert shops_to_tell() == []
    Shop.objects.filter(pk=shop.pk).update(max_units_per_line=None, anonymous_percent=100)
    assert shops_to_tell() == [shop.pk]
    tell(shop.pk)
    assert (told(shopify, shop)["per_cart"], told(shopify, shop)["anonymous_percent"]) == (None, None)


def test_an_app_that_came_anew_tells_them_anew(shopify: RunningStandIn) -> None:
    shop = installed_shop(shopify)
    tell(shop.pk)
    ShopifyInstallation.objects.filter(shop=shop).update(installed_at=Now())
    assert shops_to_tell() == [shop.pk]


@pytest.mark.usefixtures("one_try")
def test_what_shopify_refuses_is_told_by_the_next_round(shopify: RunningStandIn) -> None:
    shop = installed_shop(shopify)
    shopify.control.post("faults", kind="bad_gateway", on="re:metafieldsSet", times=None)
    assert not tell(shop.pk)
    assert shops_to_tell() == [shop.pk]
    shopify.control.post("faults/clear")
    assert tell(shop.pk)


def test_the_block_reads_what_is_told() -> None:
    block = (THEME / "blocks" / "bazico-limit.liquid").read_text()
    assert "app.metafields.bazico.limits.value" in block
    assert all(f"limits.{name}" in block for name in ("per_cart", "per_customer", "per_address", "anonymous_percent"))
