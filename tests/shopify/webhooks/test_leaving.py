"""Leaving: an uninstalled app stops, ends its holds, forgets its tokens; and a late word of it changes nothing."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from reservations.models import (
    ApiKey,
    InstallationState,
    PrivacyRequest,
    Shop,
    ShopifyCart,
    ShopifyInstallation,
    ShopifyOrder,
    StockMovement,
    WebhookDelivery,
)
from sandbox.shopify import Serving
from tests.factories import database_now, hold, make_shop, numbers, stock_of
from tests.shopify.stores import installation, installed_shop, issued, mark_installed, opened
from tests.shopify.webhooks.deliveries import deliver
from tests.shopify.webhooks.payloads import ORDER, cart_payload, order_payload

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
]


def uninstalled(shop: Shop, **others: object) -> str:
    return deliver(shop, "app/uninstalled", {"id": 1, "myshopify_domain": shop.domain}, **others).status


def test_an_uninstalled_app_forgets_its_tokens_and_ends_its_holds(shopify: Serving) -> None:
    shop = installed_shop(shopify)
    stock_of(shop, 5)
    hold(shop)
    assert uninstalled(shop) == "applied"
    row = installation(shop)
    assert (row.state, row.access_token, row.refresh_token) == (InstallationState.UNINSTALLED, "", "")
    assert numbers(shop) == (5, 0, 0)


def test_a_shop_that_comes_back_is_installed_anew(shopify: Serving) -> None:
    shop = installed_shop(shopify)
    uninstalled(shop)
    assert opened(shopify, shop.domain) == shop
    row = installation(shop)
    assert (row.state, row.uninstalled_at) == (InstallationState.INSTALLED, None)
    assert issued(shopify, shop) == ["exchange", "exchange"]


def test_word_of_an_uninstall_from_before_the_reinstall_is_ignored(shopify: Serving) -> None:
    shop = installed_shop(shopify)
    left_at = database_now()
    uninstalled(shop, triggered_at=left_at)
    opened(shopify, shop.domain)
    stock_of(shop, 5)
    hold(shop)
    assert uninstalled(shop, triggered_at=left_at) == "ignored"
    assert installation(shop).state == InstallationState.INSTALLED
    assert numbers(shop) == (5, 1, 0)


def test_an_order_placed_before_the_app_left_is_still_a_sale(shopify: Serving) -> None:
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
    deliver(shop, "customers/redact", {"shop_domain": shop.domain, "orders_to_redact": [ORDER]})
    order = ShopifyOrder.objects.get(shop=shop, order_id=str(ORDER))
    assert (order.cart_token, order.name) == (None, "")
    assert list(ShopifyCart.objects.filter(shop=shop).values_list("token", flat=True)) == ["other"]
    assert not WebhookDelivery.objects.filter(shop=shop, payload__id=ORDER).exists()
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
    old_domain = shop.domain
    from tests.shopify.webhooks.deliveries import process, send

    send(shop, "shop/redact", {"shop_id": 1, "shop_domain": shop.domain})
    process(shop)
    for model in (ShopifyInstallation, ShopifyOrder, ShopifyCart, WebhookDelivery, ApiKey):
        assert not model.objects.filter(shop=shop).exists(), model
    assert not Shop.objects.filter(domain=old_domain).exists()
    assert StockMovement.objects.filter(shop=shop).exists()


def test_a_shop_where_the_app_is_installed_is_not_erased() -> None:
    shop = make_shop()
    mark_installed(shop)
    deliver(shop, "orders/create", order_payload())
    assert deliver(shop, "shop/redact", {"shop_domain": shop.domain}).status == "ignored"
    assert ShopifyOrder.objects.filter(shop=shop).exists()


def test_one_shops_erasure_leaves_another_alone() -> None:
    ana, beto = make_shop(), make_shop()
    for shop in (ana, beto):
        stock_of(shop, 5)
        deliver(shop, "orders/create", order_payload())
    mark_installed(ana, state=InstallationState.UNINSTALLED)
    ShopifyInstallation.objects.filter(shop=ana).update(installed_at=Now() - timedelta(days=1))
    from tests.shopify.webhooks.deliveries import process, send

    send(ana, "shop/redact", {"shop_domain": ana.domain})
    process(ana)
    assert not ShopifyOrder.objects.filter(shop=ana).exists()
    assert ShopifyOrder.objects.filter(shop=beto).exists()
