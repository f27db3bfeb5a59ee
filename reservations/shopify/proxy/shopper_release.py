"""``POST /proxy/stock/release``: a shopper's script gives units back."""

from collections.abc import Mapping
from functools import partial
from typing import ClassVar

from reservations import engine
from reservations.api.operation import Operation
from reservations.api.release import Release, ReleaseView
from reservations.api.serializers import TargetSerializer, target_of
from reservations.api.stock_command import Asked
from reservations.api.web_request import Holds, WebRequest
from reservations.models import Reservation
from reservations.shopify.cart_names import spare_what_lines_named

from .cart_token import CartTokenField
from .for_shoppers import ShopperCommand, ShopperReadStock


class ShopperTargetSerializer(TargetSerializer):
    """Which reservations are meant, and Shopify's token of their cart where the script knows it."""

    shopify_cart = CartTokenField(required=False)


TARGET = ShopperTargetSerializer()


class ShopperRelease(ShopperCommand, Release):
    """Give units back; a cart that only its lines name so goes on to hold them."""

    serializer = TARGET

    async def carry_out(
        self, request: WebRequest, asked: Asked, idempotency: engine.Idempotency | None, **address: str
    ) -> Holds:
        """Release all that the body names."""
        target, token = target_of(asked), asked.get("shopify_cart", "")
        await request.ask(partial(_spare, request.shop.pk, target, token))
        return await super().carry_out(request, asked, idempotency, **address)


def _spare(shop_id: int, target: engine.Target, token: str) -> None:
    if isinstance(target, engine.ByCart):
        carts = [target.cart_token]
    else:
        held = Reservation.objects.filter(shop=shop_id, pk__in=target.ids)
        carts = [cart for cart in held.values_list("cart_token", flat=True) if cart]
    if carts:
        spare_what_lines_named(shop_id, carts, token)


class ShopperReleaseView(ReleaseView):
    """The address of a release, for shoppers."""

    meanings: ClassVar[Mapping[str, Operation]] = {"POST": ShopperRelease(), "GET": ShopperReadStock("release")}
