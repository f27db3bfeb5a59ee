"""``POST /proxy/stock/{sku}/reserve`` and ``POST /proxy/stock/reserve``: a shopper's script holds units for a cart."""

import re
from collections.abc import Mapping
from typing import Any, cast

from django.http import HttpRequest

from reservations import engine
from reservations.api.pipeline import ApiRequest, StrictField
from reservations.api.reserve import ReserveView
from reservations.api.reserve_cart import ReserveCartView
from reservations.api.serializers import ReserveCartSerializer, ReserveSerializer, UuidField
from reservations.api.stock_command import Holds
from reservations.shopify.cart_names import name_cart

from .for_shoppers import ShopperCommand

# Visible ASCII, and never the "?key=" behind it, which is the shopper's secret.
_TOKEN = re.compile(r"[!->@-~]{1,255}")


class CartTokenField(StrictField):
    """Shopify's name of a cart, as its webhooks have it."""

    def to_internal_value(self, data: Any) -> str:
        """The token."""
        if type(data) is not str:
            self.fail("not_a_string")
        if not _TOKEN.fullmatch(data):
            self.fail("invalid_cart_token")
        return data


class OneLineSerializer(ReserveSerializer):
    """Units of one SKU, for a cart: without one each call would be another shopper's."""

    cart_token = UuidField()


class ShopperReserveSerializer(ReserveCartSerializer):
    """A cart to hold. Shopify does not promise that its proxy passes headers on, so the idempotency key is a member."""

    idempotency_key = UuidField(required=False)
    shopify_cart = CartTokenField(required=False)


RESERVE_ONE = OneLineSerializer()
RESERVE = ShopperReserveSerializer()


class ShopperReserveOneView(ShopperCommand, ReserveView):
    """Hold units of one SKU for a shopper's cart."""

    serializer = RESERVE_ONE

    def call(
        self, request: ApiRequest, asked: Mapping[str, Any], idempotency: engine.Idempotency | None, sku: str
    ) -> Holds:
        """Reserve the one line."""
        try:
            return super().call(request, asked, idempotency, sku)
        except engine.OutOfStock as refusal:
            raise self.refusal_told(refusal) from refusal


class ShopperReserveView(ShopperCommand, ReserveCartView):
    """Hold every line of a shopper's cart, or name each that the stock does not cover."""

    serializer = RESERVE

    def key(self, request: HttpRequest, asked: Mapping[str, Any]) -> str | None:
        """The key that the script made before its first try, or the header's."""
        known = asked.get("idempotency_key")
        return str(known) if known else super().key(request, asked)

    def answer(self, holds: Holds, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        """What the API answers, and how long a hold can live at most: the script offers no more time than that."""
        ceiling = cast("ApiRequest", self.request).shop.hold_ceiling_seconds
        return {**super().answer(holds, asked), "hold_ceiling_seconds": ceiling}

    def call(self, request: ApiRequest, asked: Mapping[str, Any], idempotency: engine.Idempotency | None) -> Holds:
        """Learn the cart's name, then reserve: units that the carts webhook held for this cart are not in its way."""
        if "shopify_cart" in asked:
            name_cart(request.shop.id, asked["shopify_cart"], asked["cart_token"])
        try:
            return super().call(request, asked, idempotency)
        except engine.OutOfStock as refusal:
            raise self.refusal_told(refusal) from refusal
