"""``POST /proxy/stock/{sku}/reserve`` and ``POST /proxy/stock/reserve``: a shopper's script holds units for a cart."""

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from reservations import engine
from reservations.api.operation import Operation
from reservations.api.reserve import ReserveOne, ReserveView
from reservations.api.reserve_cart import ReserveCart, ReserveCartView
from reservations.api.serializers import ReserveCartSerializer, ReserveSerializer, UuidField
from reservations.api.stock_command import Asked
from reservations.api.web_request import Holds, WebRequest
from reservations.shopify.cart_names import held_for_lines, name_cart

from .cart_token import CartTokenField
from .for_shoppers import ShopperCommand, ShopperReadStock, refusal_told


class OneLineSerializer(ReserveSerializer):
    """Units of one SKU, for a cart: without one each call would be another shopper's."""

    cart_token = UuidField()


class ShopperReserveSerializer(ReserveCartSerializer):
    """A cart to hold. Shopify does not promise that its proxy passes headers on, so the idempotency key is a member."""

    idempotency_key = UuidField(required=False)
    shopify_cart = CartTokenField(required=False)


RESERVE_ONE = OneLineSerializer()
RESERVE = ShopperReserveSerializer()


class ShopperReserveOne(ShopperCommand, ReserveOne):
    """Hold units of one SKU for a shopper's cart."""

    serializer = RESERVE_ONE

    async def carry_out(
        self, request: WebRequest, asked: Asked, idempotency: engine.Idempotency | None, **address: str
    ) -> Holds:
        """Reserve the one line, and never fewer units than a cart holds that only its lines name so."""
        held = await request.ask(partial(held_for_lines, request.shop.pk, asked["cart_token"]))
        units = max(asked["quantity"], held.get(address["sku"], 0))
        try:
            return await super().carry_out(request, {**asked, "quantity": units}, idempotency, **address)
        except engine.OutOfStock as refusal:
            raise refusal_told(request, refusal) from refusal


class ShopperReserve(ShopperCommand, ReserveCart):
    """Hold every line of a shopper's cart, or name each that the stock does not cover."""

    serializer = RESERVE

    def key(self, request: WebRequest, asked: Asked) -> str | None:
        """The key that the script made before its first try, or the header's."""
        known = asked.get("idempotency_key")
        return str(known) if known else super().key(request, asked)

    def told(self, request: WebRequest, holds: Holds, asked: Asked, **address: str) -> Mapping[str, Any]:
        """What the API answers, and how long a hold can live at most: the script offers no more time than that."""
        return {**super().told(request, holds, asked), "hold_ceiling_seconds": request.shop.hold_ceiling_seconds}

    async def carry_out(
        self, request: WebRequest, asked: Asked, idempotency: engine.Idempotency | None, **address: str
    ) -> Holds:
        """Learn the cart's name, then reserve: units that the carts webhook held for this cart are not in its way.

        Who does not tell Shopify's token reserves never fewer units than a cart holds that only its lines name so.
        """
        lines = asked["lines"]
        if "shopify_cart" in asked:
            await request.ask(partial(name_cart, request.shop.pk, asked["shopify_cart"], asked["cart_token"]))
        elif held := await request.ask(partial(held_for_lines, request.shop.pk, asked["cart_token"])):
            wanted = engine.sum_lines([engine.Line(**line) for line in lines])
            lines = [{"sku": line.sku, "quantity": max(line.quantity, held.get(line.sku, 0))} for line in wanted]
        try:
            return await super().carry_out(request, {**asked, "lines": lines}, idempotency, **address)
        except engine.OutOfStock as refusal:
            raise refusal_told(request, refusal) from refusal


class ShopperReserveOneView(ReserveView):
    """The address of a shopper's reserve of one SKU."""

    meanings: ClassVar[Mapping[str, Operation]] = {
        "POST": ShopperReserveOne(),
        "GET": ShopperReadStock("{sku}/reserve"),
    }


class ShopperReserveView(ReserveCartView):
    """The address of a shopper's reserve."""

    meanings: ClassVar[Mapping[str, Operation]] = {"POST": ShopperReserve(), "GET": ShopperReadStock("reserve")}
