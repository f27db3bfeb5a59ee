"""A shop with something of everything: what a stranger would like to reach, or an attack to break."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.db.models.functions import Now

from bling_sync.models import Connection, ImportRun, Push
from reservations.models import ApiKey, Shop, ShopifyCart, ShopifyOrder, Shortfall, StockItem
from tests.factories import hold, settle_order, stock_of
from tests.merchant.merchant import Merchant as Staff

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
        Connection.objects.create(shop=self.shop)
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
