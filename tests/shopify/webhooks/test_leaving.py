"""Leaving: an uninstalled app stops, ends its holds and forgets its tokens, and a late webhook changes nothing."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from reservations import turned_away
from reservations.models import (
    ApiKey,
    InstallationState,
    PrivacyRequest,
    Refusal,
    Shop,
    ShopifyCart,
    ShopifyInstallation,
    ShopifyOrder,
    StockMovement,
    WebhookDelivery,
)
from reservations.shopify.access.shop_domain import shop_domain
from reservations.shopify.client import admin_api
from sandbox.shopify import RunningStandIn
from tests.factories import database_now, hold, make_shop, numbers, stock_of
from tests.shopify.stores import installation, installed_shop, issued, mark_installed, opened
from tests.shopify.webhooks.deliveries import deliver, process, send
from tests.shopify.webhooks.payloads import ORDER, cart_payload, order_payload

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
]


def uninstalled(shop: Shop, **others: object) -> str:
    return deliver(shop, "app/uninstalled", {"id": 1, "myshopify_domain": shop.domain}, **others).status


def redact(shop: Shop) -> None:
    """Let Shopify ask for the shop's erasure, which erases the delivery itself too."""
    send(shop, "shop/redact", {"shop_id": 1, "shop_domain": shop.domain})
    process(shop)


def test_an_uninstalled_app_forgets_its_tokens_and_ends_its_holds(shopify: RunningStandIn) -> None:
    shop = installed_shop(shopify)
    stock_of(shop, 5)
    hold(shop)
    assert uninstalled(shop) == "applied"
    row = installation(shop)
    assert (row.state, row.access_token, row.refresh_token) == (InstallationState.UNINSTALLED, "", "")
    assert numbers(shop) == (5, 0, 0)


def test_a_shop_that_comes_back_is_installed_anew(shopify: RunningStandIn) -> None:
    shop = installed_shop(shopify)
    uninstalled(shop)
    assert opened(shopify, shop.domain) == shop
    row = installation(shop)
    assert (row.state, row.uninstalled_at) == (InstallationState.INSTALLED, None)
    assert issued(shopify, shop) == ["exchange", "exchange"]


def test_word_of_an_uninstall_from_before_the_reinstall_is_ignored(shopify: RunningStandIn) -> None:
    shop = installed_shop(shopify)
    left_at = database_now()
    uninstalled(shop, triggered_at=left_at)
    opened(shopify, shop.domain)
    stock_of(shop, 5)
    hold(shop)
    assert uninstalled(shop, triggered_at=left_at) == "ignored"
    assert installation(shop).state == InstallationState.INSTALLED
    assert numbers(shop) == (5, 1, 0)


def test_word_of_an_uninstall_that_got_lost_until_after_the_reinstall_is_ignored(shopify: RunningStandIn) -> None:
    shop = installed_shop(shopify)
    stock_of(shop, 5)
    hold(shop)
    left_at = database_now() - timedelta(minutes=5)
    ShopifyInstallation.objects.filter(shop=shop).update(
        installed_at=left_at - timedelta(days=9), seen_at=left_at - timedelta(days=9), validation_id="of before"
    )
    # The old tokens still look good, so no exchange happens: the page's own token shows that the app is back.
    opened(shopify, shop.domain)
    assert uninstalled(shop, triggered_at=left_at) == "ignored"
    row = installation(shop)
    assert (row.state, row.installed_at, row.validation_id) == (InstallationState.INSTALLED, row.seen_at, "")
    assert numbers(shop) == (5, 1, 0)


def test_an_uninstall_right_after_a_visit_is_no_late_word(shopify: RunningStandIn) -> None:
    shop = installed_shop(shopify)
    opened(shopify, shop.domain)
    assert uninstalled(shop) == "applied"


def test_an_uninstall_in_the_very_second_of_the_installation_is_no_late_word(shopify: RunningStandIn) -> None:
    shop = installed_shop(shopify)
    second = database_now().replace(microsecond=0)
    ShopifyInstallation.objects.filter(shop=shop).update(installed_at=second + timedelta(seconds=0.4), seen_at=second)
    assert uninstalled(shop, triggered_at=second - timedelta(seconds=1)) == "ignored"
    assert uninstalled(shop, triggered_at=second) == "applied"


def test_an_order_placed_before_the_app_left_is_still_a_sale(shopify: RunningStandIn) -> None:
    shop = installed_shop(shopify)
    stock_of(shop, 5)
    uninstalled(shop)
    deliver(shop, "orders/create", order_payload())
    assert numbers(shop) == (5, 0, 1)


def test_scopes_that_the_merchant_grants_later_are_kept() -> None:
    shop = make_shop()
    mark_installed(shop)
    deliver(shop, "app/scopes_update", {"current": ["write_orders", "read_products"]})
    assert installation(shop).scopes == "read_products,write_orders"


def test_of_two_changes_of_the_scopes_the_older_one_coming_last_changes_nothing(shopify: RunningStandIn) -> None:
    shop = installed_shop(shopify)
    shopify.control.post("rules", shop=shop.domain, scopes=["read_products", "write_orders"])
    deliver(shop, "app/scopes_update", {"previous": [], "current": ["read_products"]})
    assert installation(shop).scopes == "read_products,write_orders"


def test_a_customer_gets_what_is_held_of_their_orders_and_that_is_little() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    deliver(shop, "orders/create", order_payload(quantity=2))
    request = {
        "shop_domain": shop.domain,
        "orders_requested": [ORDER, 404],
        "customer": {"id": 1, "email": "ana@example.com", "phone": "+55"},
        "data_request": {"id": 9999},
    }
    for _ in range(2):
        assert deliver(shop, "customers/data_request", request).status == "applied"
    row = PrivacyRequest.objects.get(shop=shop)
    assert row.export is not None
    known, unknown = row.export
    assert (known["order"], known["units"][0]["sku"], known["units"][0]["quantity"]) == (str(ORDER), "SKU-1", 2)
    assert unknown == {"order": "404", "cart": None, "cancelled": False, "units": []}
    assert "ana@example.com" not in str(row.export)


def test_erasing_a_customer_removes_what_leads_to_them_and_keeps_the_stock() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    deliver(shop, "carts/create", cart_payload())
    deliver(shop, "orders/create", order_payload())
    deliver(shop, "orders/create", order_payload(order=7, cart="other"))
    deliver(shop, "customers/data_request", {"orders_requested": [ORDER], "data_request": {"id": 1}})
    edit = {"id": 1, "order_id": ORDER, "line_items": {"additions": [], "removals": []}}
    deliver(shop, "orders/edited", {"order_edit": edit})
    deliver(shop, "carts/update", cart_payload(token="other"))
    deliver(shop, "customers/redact", {"shop_domain": shop.domain, "orders_to_redact": [ORDER]})
    order = ShopifyOrder.objects.get(shop=shop, order_id=str(ORDER))
    assert (order.cart_token, order.name) == (None, "")
    assert list(ShopifyCart.objects.filter(shop=shop).values_list("token", flat=True)) == ["other"]
    kept = WebhookDelivery.objects.filter(shop=shop).order_by("pk").values_list("topic", flat=True)
    assert list(kept) == ["orders/create", "customers/data_request", "carts/update", "customers/redact"]
    assert WebhookDelivery.objects.filter(shop=shop, payload__id=7).exists()
    assert not PrivacyRequest.objects.filter(shop=shop, export__isnull=False).exists()
    assert numbers(shop) == (5, 0, 2)


def test_a_shop_that_has_left_is_erased_but_for_the_numbers_of_its_ledger() -> None:
    shop = make_shop()
    ApiKey.issue(shop)
    stock_of(shop, 5)
    mark_installed(shop)
    deliver(shop, "orders/create", order_payload())
    uninstalled(shop)
    deliver(shop, "carts/create", cart_payload())
    turned_away.clerk.note((shop.pk, "SKU-1", "out_of_stock"), 1, turned_away.Said(available=0))
    turned_away.clerk.flush()
    assert Refusal.objects.filter(shop=shop).exists()
    old_domain = shop.domain
    redact(shop)
    for model in (ShopifyInstallation, ShopifyOrder, ShopifyCart, WebhookDelivery, ApiKey, Refusal):
        assert not model.objects.filter(shop=shop).exists(), model
    assert not Shop.objects.filter(domain=old_domain).exists()
    assert StockMovement.objects.filter(shop=shop).exists()


def test_a_shop_where_the_app_is_installed_is_not_erased(shopify: RunningStandIn) -> None:
    shop = installed_shop(shopify)
    deliver(shop, "orders/create", order_payload())
    assert deliver(shop, "shop/redact", {"shop_domain": shop.domain}).status == "ignored"
    assert ShopifyOrder.objects.filter(shop=shop).exists()
    assert installation(shop).state == InstallationState.INSTALLED


def test_a_shop_whose_uninstall_was_never_heard_of_is_erased_all_the_same(shopify: RunningStandIn) -> None:
    shop = installed_shop(shopify)
    stock_of(shop, 5)
    hold(shop)
    deliver(shop, "orders/create", order_payload())
    shopify.control.post("uninstall", shop=shop.domain)
    redact(shop)
    assert not ShopifyOrder.objects.filter(shop=shop).exists()
    assert not ShopifyInstallation.objects.filter(shop=shop).exists()
    assert numbers(shop)[1] == 0


def test_an_erasure_waits_while_shopify_cannot_say_whether_the_app_is_there(
    shopify: RunningStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As long as a call keeps trying; without this, half a minute.
    monkeypatch.setattr(admin_api.call, "__kwdefaults__", {"repeatable": True, "seconds": 1.0})
    shop = installed_shop(shopify)
    deliver(shop, "orders/create", order_payload())
    shopify.control.post("faults", kind="unavailable", on="re:graphql", times=None)
    assert deliver(shop, "shop/redact", {"shop_domain": shop.domain}).status == "pending"
    assert ShopifyOrder.objects.filter(shop=shop).exists()


def test_nobody_can_have_the_name_that_an_erased_shop_is_left_with() -> None:
    shop = make_shop()
    mark_installed(shop, state=InstallationState.UNINSTALLED)
    redact(shop)
    shop.refresh_from_db()
    assert shop_domain(shop.domain) is None


def test_one_shops_erasure_leaves_another_alone() -> None:
    ana, beto = make_shop(), make_shop()
    for shop in (ana, beto):
        stock_of(shop, 5)
        deliver(shop, "orders/create", order_payload())
    mark_installed(ana, state=InstallationState.UNINSTALLED)
    ShopifyInstallation.objects.filter(shop=ana).update(installed_at=Now() - timedelta(days=1))
    redact(ana)
    assert not ShopifyOrder.objects.filter(shop=ana).exists()
    assert ShopifyOrder.objects.filter(shop=beto).exists()
