"""A cart that was shared, copied or merged: a browser goes by a name that was given to its own cart."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page

from .cart import Cart
from .shop import ThemeShop
from .waiting import until

Visit = Callable[..., Page]


def a_copy(cart: Cart, *, attributes: bool = True) -> Cart:
    """What a share-cart app makes: the same lines with their properties under another token."""
    copy = Cart(attributes=dict(cart.attributes) if attributes else {})
    copy.items = [{**item, "properties": dict(item["properties"])} for item in cart.items]
    return copy


def named_cart(shop: ThemeShop, visit: Visit) -> Cart:
    """Ana's cart of two units, with its names."""
    visit().evaluate("add.json('102', 2)")
    until(lambda: shop.cart.attributes.get("_bazico_token"))
    return shop.cart


def open_copy(shop: ThemeShop, context: BrowserContext, copy: Cart) -> Page:
    """Beto opens it in his own browser."""
    context.add_cookies([{"name": "cart", "value": "beto", "url": shop.url}])
    shop.carts["beto"] = copy
    page = context.new_page()
    page.goto(shop.url)
    return page


def test_a_line_says_whose_the_hold_is_that_it_names(shop: ThemeShop, visit: Visit) -> None:
    cart = named_cart(shop, visit)
    (line,) = cart.items
    (hold,) = shop.stock.holds
    assert line["properties"]["_bazico_hold"] == f"{hold}:{cart.attributes['_bazico_cart'][-12:]}"


def test_no_secret_of_the_cart_is_written_into_it(shop: ThemeShop, visit: Visit) -> None:
    cart = named_cart(shop, visit)
    assert cart.attributes["_bazico_token"] == cart.token


def test_a_copied_cart_gets_a_name_and_holds_of_its_own(
    shop: ThemeShop, visit: Visit, shopper: Callable[[], BrowserContext]
) -> None:
    first = named_cart(shop, visit)
    copy = a_copy(first)
    page = open_copy(shop, shopper(), copy)
    until(lambda: copy.attributes["_bazico_cart"] != first.attributes["_bazico_cart"], page)
    until(lambda: shop.stock.held("SKU-B") == 4, page)
    end = copy.attributes["_bazico_cart"][-12:]
    until(lambda: copy.items[0]["properties"]["_bazico_hold"].endswith(end), page)
    page.evaluate("post('/cart/clear.js', {})")
    until(lambda: shop.stock.held("SKU-B") == 2, page)
    assert first.attributes["_bazico_hold"] in shop.stock.holds


def test_a_name_that_a_link_brings_is_not_adopted(
    shop: ThemeShop, visit: Visit, shopper: Callable[[], BrowserContext]
) -> None:
    first = named_cart(shop, visit)
    copy = a_copy(first)
    del copy.attributes["_bazico_token"]
    page = open_copy(shop, shopper(), copy)
    until(lambda: copy.attributes["_bazico_cart"] != first.attributes["_bazico_cart"], page)


def test_a_browser_that_forgot_goes_by_the_name_of_its_own_cart(shop: ThemeShop, visit: Visit) -> None:
    cart = named_cart(shop, visit)
    name = cart.attributes["_bazico_cart"]
    page = visit()
    page.evaluate("localStorage.clear()")
    page.reload()
    until(lambda: page.evaluate("JSON.parse(localStorage.bazico || '{}').cart") == name, page)
    assert shop.stock.held("SKU-B") == 2


def test_a_cart_that_a_login_gave_another_token_keeps_its_name(shop: ThemeShop, visit: Visit) -> None:
    cart = named_cart(shop, visit)
    name, holds = cart.attributes["_bazico_cart"], set(shop.stock.holds)
    cart.token = "after-the-login"
    page = visit()
    until(lambda: cart.attributes["_bazico_token"] == "after-the-login", page)
    assert (cart.attributes["_bazico_cart"], set(shop.stock.holds)) == (name, holds)
