"""A stranger with credentials of their own, at every address there is, with another shop's names and ids.

The test walks the addresses instead of listing them: it tries a new one as soon as it exists, and one with a blank not
filled in below fails here until somebody says what a stranger would put into it.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
from django.apps import apps
from django.db.models.functions import Now
from django.http import HttpResponse
from django.test import Client

from bling_sync.models import ImportRun, Push
from reservations.models import ApiKey, Shop, ShopifyCart, ShopifyOrder, Shortfall, StockItem
from tests.attacks.addresses import OPEN, all_addresses, filled_in
from tests.factories import hold, make_shop, settle_order, stock_of
from tests.merchant.merchant import Merchant as Staff
from tests.shopify.signing import body_signature, proxied, session_token

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
]
SKU, HIDDEN_SKU, ORDER, HIDDEN_ORDER = "THEIR-SKU", "THEIR-OTHER-SKU", "their-order", "#THEIR-ORDER-NAME"


class Owner:
    """A shop with something of everything, of which a stranger has learnt the names and ids."""

    def __init__(self) -> None:
        self.shop = Staff().shop
        stock_of(self.shop, 5, SKU)
        stock_of(self.shop, 3, HIDDEN_SKU)
        self.cart = uuid4()
        self.held = hold(self.shop, SKU, cart=self.cart)
        settle_order(self.shop, ORDER, 9, SKU)
        ShopifyOrder.objects.create(shop=self.shop, order_id=ORDER, name=HIDDEN_ORDER, heard_at=Now())
        ShopifyCart.objects.create(
            shop=self.shop, token="their-cart", cart_token=self.cart, refused={HIDDEN_SKU: 2}, seen_at=Now()
        )
        self.run = ImportRun.objects.create(shop=self.shop, started_at=Now())
        self.push = Push.objects.create(
            shop=self.shop,
            key=uuid4(),
            kind="sale",
            mode="movement",
            stock_item=StockItem.objects.get(shop=self.shop, sku=SKU),
            reservation_id=self.held.reservation_id,
            order_id=ORDER,
            quantity=1,
            created_at=Now(),
            next_attempt_at=Now(),
        )
        self.key = ApiKey.issue(self.shop)[1]

    @property
    def names(self) -> Mapping[str, object]:
        """The values for the blanks of addresses."""
        item = StockItem.objects.get(shop=self.shop, sku=SKU)
        return {
            "sku": SKU,
            "reservation_id": self.held.reservation_id,
            "item_pk": item.pk,
            "stock:pk": item.pk,
            "reservations:pk": self.held.reservation_id,
            "shortfalls:pk": Shortfall.objects.get(shop=self.shop, order_id=ORDER).pk,
            "imports:pk": self.run.pk,
            "pushes:pk": self.push.pk,
        }

    def bodies(self) -> Iterator[dict[str, object]]:
        """Every way to name something of the shop's."""
        reservation = str(self.held.reservation_id)
        yield {}
        yield {"reservation_id": reservation}
        yield {"reservation_ids": [reservation]}
        yield {"cart_token": str(self.cart)}
        yield {"cart_token": str(self.cart), "lines": [{"sku": SKU, "quantity": 1}]}
        yield {"shop": self.shop.domain, "shop_domain": self.shop.domain, "myshopify_domain": self.shop.domain}
        yield {"reason": "mine now", "sku": SKU, "quantity": 1, "shop": self.shop.pk}

    def state(self) -> dict[str, list[Any]]:
        """Every row that belongs to the shop."""
        owned = [model for model in apps.get_models() if any(f.name == "shop" for f in model._meta.fields)]
        rows = {
            model.__name__: list(model._default_manager.filter(shop=self.shop).order_by("pk").values())
            for model in owned
        }
        return rows | {"Shop": list(Shop.objects.filter(pk=self.shop.pk).values())}

    def secrets(self, sent: str) -> list[str]:
        """What nobody else may be told, less what they said themselves."""
        known = [SKU, HIDDEN_SKU, HIDDEN_ORDER, ORDER, self.shop.domain, str(self.cart), self.key]
        known += [str(self.held.reservation_id), self.shop.domain.removesuffix(".myshopify.com")]
        return [secret for secret in known if secret not in sent]


def credentials(stranger: Shop) -> Iterator[tuple[dict[str, str], str]]:
    """Headers and query of each way to prove who calls, all of them the stranger's own; and none."""
    yield {}, ""
    yield {"Authorization": f"Api-Key {ApiKey.issue(stranger)[1]}"}, ""
    yield {"Authorization": f"Bearer {session_token(stranger.domain)}"}, ""
    yield {}, proxied({"shop": stranger.domain})
    yield {}, f"id_token={session_token(stranger.domain)}"


def attempts(address: str, owner: Owner, stranger: Shop) -> Iterator[tuple[str, HttpResponse]]:
    """What was sent, and the answer; also with the owner's domain in the query, as a forger would have it."""
    client: Any = Client(raise_request_exception=False)
    for headers, query in credentials(stranger):
        for forged in ("", f"shop={owner.shop.domain}&state={owner.shop.domain}&code=x"):
            url = f"{address}?" + "&".join(part for part in (query, forged) if part)
            yield url, client.get(url, headers=headers)
        for body in owner.bodies():
            sent = orjson.dumps(body)
            hmac = {"X-Shopify-Hmac-Sha256": body_signature(sent), "X-Shopify-Shop-Domain": stranger.domain}
            webhook = hmac | {"X-Shopify-Topic": "app/uninstalled"} if address.startswith("/shopify/") else {}
            url = f"{address}?{query}"
            yield (
                url + sent.decode(),
                client.post(url, sent, content_type="application/json", headers=headers | webhook),
            )
            if all(isinstance(value, str | int) for value in body.values()):
                yield url + sent.decode(), client.post(url, body, headers=headers)


@pytest.mark.parametrize("pattern", sorted(set(all_addresses()) - OPEN))
def test_a_stranger_reads_and_changes_nothing_of_another_shops(pattern: str) -> None:
    owner, stranger = Owner(), Staff().shop
    stock_of(stranger, 1, "OUR-SKU")
    address = filled_in(pattern, owner.names)
    before = owner.state()
    for sent, response in attempts(address, owner, stranger):
        assert response.status_code < 500, (sent, response.content[:500])
        told = response.content.decode() + str(dict(response.headers))
        assert [secret for secret in owner.secrets(sent) if secret in told] == [], sent
    assert owner.state() == before


@pytest.mark.parametrize("pattern", sorted(OPEN))
def test_an_open_address_tells_nothing_of_any_shop(pattern: str) -> None:
    owner = Owner()
    response: Any = Client().get(f"/{pattern}?shop={make_shop().domain}")
    told = response.content.decode()
    assert [secret for secret in owner.secrets("") if secret in told] == []


def test_the_owner_is_shown_what_a_stranger_is_not() -> None:
    owner = Owner()
    client: Any = Client()
    page = client.get("/app/reservations/", headers={"Authorization": f"Bearer {session_token(owner.shop.domain)}"})
    assert SKU in page.content.decode()
    read = client.get(f"/stock/{SKU}", headers={"Authorization": f"Api-Key {owner.key}"})
    assert orjson.loads(read.content)["on_hand"] == 5


def test_an_address_with_a_blank_that_nobody_thought_of_fails() -> None:
    assert "stock/<sku:sku>" in all_addresses()
    assert "app/shortfalls/<int:pk>/use" in all_addresses()
    with pytest.raises(KeyError):
        filled_in("app/news/<int:number>", {"sku": SKU, "pk": UUID(int=1)})
