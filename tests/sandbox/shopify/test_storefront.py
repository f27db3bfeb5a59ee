"""The stand-in's cart under a theme's addresses: Shopify's answers, statuses and ways of writing a body."""

from collections.abc import Iterator

import pytest
import requests

from sandbox.shopify import DEMO_SHOP, RunningStandIn
from tests.sandbox.receiver import Receiver
from tests.support.patience import PATIENCE_SECONDS


class Shopper:
    """A browser in the demo shop: it keeps its cookies."""

    def __init__(self, shopify: RunningStandIn) -> None:
        self.root = shopify.admin_url.format(shop=DEMO_SHOP)
        self.browser = requests.Session()
        variants = shopify.control.get("variants")["variants"]
        self.variant = {row["sku"]: int(row["variant_id"]) for row in variants}

    def post(self, path: str, body: object = None, root: str = "") -> requests.Response:
        return self.browser.post(f"{self.root}{root}/{path}", json=body or {}, timeout=PATIENCE_SECONDS)

    def add(self, sku: str, quantity: int = 1, **properties: str) -> requests.Response:
        item = {"id": self.variant[sku], "quantity": quantity, "properties": properties}
        return self.post("cart/add.js", {"items": [item]})

    def cart(self) -> dict[str, object]:
        return dict(self.browser.get(f"{self.root}/cart.js", timeout=PATIENCE_SECONDS).json())

    def lines(self) -> list[tuple[str, int]]:
        return [(item["sku"], item["quantity"]) for item in self.cart()["items"]]  # type: ignore[attr-defined]


CAP, SHIRT = "SKU-BZC-002", "SKU-BZC-001"


@pytest.fixture
def shopper(shopify: RunningStandIn) -> Iterator[Shopper]:
    shopper = Shopper(shopify)
    yield shopper
    shopper.browser.close()


def test_equal_lines_are_one_and_others_stand_beside(shopper: Shopper) -> None:
    shopper.add(CAP, 1, _bazico_hold="a")
    shopper.add(CAP, 2, _bazico_hold="a")
    shopper.add(CAP, 1, _bazico_hold="b")
    assert sorted(shopper.lines()) == [(CAP, 1), (CAP, 3)]


def test_more_than_the_shop_has_is_422_and_adds_nothing(shopper: Shopper) -> None:
    shopper.add(CAP, 4)
    items = [{"id": shopper.variant[SHIRT]}, {"id": shopper.variant[CAP], "quantity": 2}]
    refused = shopper.post("cart/add.js", {"items": items})
    assert refused.status_code == 422
    assert refused.json()["message"] == "Cart Error"
    assert shopper.lines() == [(CAP, 4)]


def test_a_variant_that_is_not_there_is_404(shopper: Shopper) -> None:
    assert shopper.post("cart/add.js", {"id": 1}).status_code == 404


def test_forms_add_as_scripts_do_and_lead_to_the_cart(shopper: Shopper) -> None:
    variant = str(shopper.variant[CAP])
    plain = {"id": variant, "quantity": "1", "properties[_bazico_hold]": "h"}
    told = shopper.browser.post(f"{shopper.root}/cart/add", data=plain, allow_redirects=False, timeout=PATIENCE_SECONDS)
    assert (told.status_code, told.headers["Location"]) == (302, "/cart")
    parts = {name: (None, value) for name, value in plain.items()}
    shopper.browser.post(f"{shopper.root}/cart/add.js", files=parts, timeout=PATIENCE_SECONDS)
    rows = {"items[0][id]": variant, "items[0][quantity]": "2"}
    shopper.browser.post(f"{shopper.root}/cart/add.js", data=rows, timeout=PATIENCE_SECONDS)
    assert sorted(shopper.lines()) == [(CAP, 2), (CAP, 2)]


def test_a_locales_root_has_the_same_cart(shopper: Shopper) -> None:
    shopper.post("cart/add.js", {"id": shopper.variant[CAP]}, root="/en")
    assert shopper.post("cart/clear.js", root="/pt-br").json()["items"] == []
    assert shopper.lines() == []


def test_a_line_changes_by_its_number_its_key_and_its_variant(shopper: Shopper) -> None:
    key = shopper.add(CAP).json()["items"][0]["key"]
    assert shopper.post("cart/change.js", {"line": 1, "quantity": 2}).json()["item_count"] == 2
    assert shopper.post("cart/change.js", {"id": key, "quantity": 3}).json()["item_count"] == 3
    assert shopper.post("cart/change.js", {"id": key, "quantity": 9}).status_code == 422
    assert shopper.post("cart/change.js", {"id": shopper.variant[CAP], "quantity": 0}).json()["items"] == []
    assert shopper.post("cart/change.js", {"id": key, "quantity": 1}).status_code == 400


def test_attributes_stay_until_they_are_written_empty(shopper: Shopper) -> None:
    shopper.post("cart/update.js", {"attributes": {"_bazico_cart": "uuid", "gift": "yes"}})
    shopper.post("cart/clear.js")
    assert shopper.cart()["attributes"] == {"_bazico_cart": "uuid", "gift": "yes"}
    shopper.post("cart/update.js", {"attributes": {"gift": ""}})
    assert shopper.cart()["attributes"] == {"_bazico_cart": "uuid"}


def test_each_change_tells_the_app_of_the_cart_without_its_secret(shopper: Shopper, hooks: Receiver) -> None:
    shopper.add(CAP)
    shopper.add(CAP)
    name = str(shopper.cart()["token"])
    token, _, key = name.partition("?key=")
    shopify = requests.post(
        f"{shopper.root.rpartition('/')[0]}/_control/webhooks/wait", json={}, timeout=PATIENCE_SECONDS
    )
    assert shopify.json() == {"idle": True}
    sent = requests.get(f"{shopper.root.rpartition('/')[0]}/_control/webhooks", timeout=PATIENCE_SECONDS).json()[
        "webhooks"
    ]
    assert [hook["topic"] for hook in sent] == ["carts/create", "carts/update"]
    assert all(token in hook["body"] and key not in hook["body"] for hook in sent)


def test_a_line_with_other_properties_has_another_key_and_joins_its_like(shopper: Shopper) -> None:
    shopper.add(CAP, 1, _bazico_hold="a")
    key = shopper.add(CAP, 2).json()["items"][0]["key"]
    changed = shopper.post("cart/change.js", {"id": key, "quantity": 2, "properties": {"_bazico_hold": "a"}})
    (line,) = changed.json()["items"]
    assert (line["quantity"], line["key"] == key) == (3, False)


def test_a_change_of_no_line_tells_the_app_nothing(shopper: Shopper, shopify: RunningStandIn, hooks: Receiver) -> None:
    shopper.add(CAP)
    shopper.post("cart/update.js", {"attributes": {"_bazico_cart": "uuid"}})
    sent = shopify.control.get("webhooks")["webhooks"]
    assert [hook["topic"] for hook in sent] == ["carts/create"]


@pytest.mark.parametrize(
    ("link", "leads_to"),
    [
        ("cart/{cap}:2", "/checkout"),
        ("cart/{cap}:2?storefront=true", "/cart"),
        ("buy/{cap}:2", "/checkout"),
        ("buy/{cap}:1,{cap}:1?continue_to=/cart", "/cart"),
    ],
)
def test_a_permalink_makes_a_new_cart(shopper: Shopper, hooks: Receiver, link: str, leads_to: str) -> None:
    shopper.add(SHIRT)
    token = shopper.cart()["token"]
    address = f"{shopper.root}/{link.format(cap=shopper.variant[CAP])}"
    answer = shopper.browser.get(address, allow_redirects=False, timeout=PATIENCE_SECONDS)
    assert (answer.status_code, answer.headers["Location"]) == (302, leads_to)
    assert shopper.lines() == [(CAP, 2)]
    assert shopper.cart()["token"] != token


def test_a_paid_cart_becomes_an_order_and_its_shopper_begins_anew(shopper: Shopper, shopify: RunningStandIn) -> None:
    assert shopper.post("checkout").status_code == 422
    shopper.add(CAP, 2, _bazico_hold="h")
    token = str(shopper.cart()["token"]).partition("?")[0]
    assert shopper.post("checkout").status_code == 201
    (order,) = shopify.control.get("orders")["orders"]
    assert order["cart_token"] == token
    assert order["line_items"][0]["properties"] == [{"name": "_bazico_hold", "value": "h"}]
    assert shopper.lines() == []
    assert shopper.cart()["token"] != token
