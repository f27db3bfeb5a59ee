"""A cart that none of the shop's browsers has: an agent's server made it, a headless shop, or a link to the checkout.

Shopify's carts webhook tells of it; the checkout's function, told by the service itself, judges it.
"""

import random
import re
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from django.db.models.functions import Now
from playwright.sync_api import BrowserContext, Page

from reservations import engine
from reservations.models import Shop, SkuLink
from reservations.shopify.guard.hold_table import hold_pages
from reservations.shopify.guard.stock_facts import scarce_variants
from tests.extensions.places import ROOT
from tests.factories import make_shop, settle_one, stock_of

from . import checkout
from .cart import SKUS, Cart
from .doors import BEACON
from .real_service import RealService
from .shop import ThemeShop
from .waiting import until

pytestmark = pytest.mark.django_db(transaction=True)
TAKEN = re.compile(r"em outros carrinhos até \d\d:\d\d \(hora da loja\)")


@pytest.fixture
def service() -> RealService:
    """The service of a shop that has one SKU-A."""
    shop = make_shop()
    stock_of(shop, 1, sku="SKU-A")
    for variant, sku in SKUS.items():
        SkuLink.objects.create(shop=shop, variant_id=int(variant), sku=sku, synced_at=Now())
    return RealService(shop, random.Random(1))


@pytest.fixture
def shop(service: RealService) -> Iterator[ThemeShop]:
    """The shop before that service."""
    shop = ThemeShop(service)
    yield shop
    service.rest()
    shop.close()


@pytest.fixture
def page(shop: ThemeShop, shopper: Callable[[], BrowserContext]) -> Page:
    """A shopper's page in it."""
    page = shopper().new_page()
    page.goto(shop.url)
    return page


def cart_elsewhere(service: RealService) -> Cart:
    """A cart with one SKU-A, of which Shopify has sent the webhook."""
    cart = Cart()
    cart.add({"id": "101", "quantity": 1})
    service.hear(cart)
    service.rest()
    return cart


def refusal(shop: Shop, cart: Cart) -> str:
    """What the checkout says, by the facts that the service tells now."""
    facts = scarce_variants(shop.pk, [int(variant) for variant in SKUS])
    values = {SKUS[str(variant)]: known.value("Camiseta") for variant, known in facts.items()}
    return checkout.refusal_by(cart, values, hold_pages(shop.pk))


def test_it_holds_its_unit_and_the_checkout_lets_it_pass(shop: ThemeShop, service: RealService, page: Page) -> None:
    cart = cart_elsewhere(service)
    assert service.held("SKU-A") == [1]
    assert refusal(service.shop, cart) == ""
    assert page.evaluate("add.json('101')") == 422
    assert re.search(r"Em outros carrinhos até \d\d:\d\d", page.inner_text("#bazico-text"))
    assert service.held("SKU-A") == [1]


def test_a_shoppers_cart_does_not_pass_on_the_unit_that_it_holds(
    shop: ThemeShop, service: RealService, page: Page
) -> None:
    cart_elsewhere(service)
    page.evaluate(BEACON)
    until(lambda: "_bazico_cart" in shop.cart.attributes, page)
    assert TAKEN.search(refusal(service.shop, shop.cart))


def test_the_checkout_stops_it_where_a_shopper_holds_the_unit(
    shop: ThemeShop, service: RealService, page: Page
) -> None:
    assert page.evaluate("add.json('101')") == 200
    assert TAKEN.search(refusal(service.shop, cart_elsewhere(service)))
    assert service.held("SKU-A") == [1]
    service.rest()
    until(lambda: "_bazico_hold" in shop.cart.attributes, page)
    assert refusal(service.shop, shop.cart) == ""


def test_no_time_is_told_where_a_paid_order_gets_the_unit_first(service: RealService) -> None:
    engine.reserve(service.shop.pk, [engine.Line("SKU-A", 1)], cart_token=uuid4())
    settle_one(service.shop.pk, engine.Order("1", [engine.OrderLine("SKU-A", 1, 1)], carts=[]))
    (facts,) = scarce_variants(service.shop.pk, [101]).values()
    assert facts.until is None


def test_the_table_in_the_docs_has_this_door() -> None:
    text = (ROOT / "docs" / "storefront.md").read_text()
    assert "| a cart elsewhere: an agent's server, a headless shop, a link to the checkout |" in text
