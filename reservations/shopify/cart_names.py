"""Which of our carts Shopify's token is, as the shopper's script says.

Whoever knows a cart's uuid may say so: it is as good as the cart itself (:mod:`.proxy`). The script says it before it
holds, so the carts webhook finds the cart's own holds and makes no second ones; the cart takes over what the webhook
has held already under the uuid that we derived.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from reservations import engine
from reservations.models import Reservation, ShopifyCart, Status

from . import cart_owners, cart_rows, carts


def name_cart(shop_id: int, token: str, cart_token: UUID) -> None:
    """Let Shopify's `token` be our cart, and no other token be it; nothing for a cart that became an order.

    A shopper whose cart Shopify replaces (a permalink, a login) keeps the uuid: the former token then gets one of its
    own. Raises Busy, Unavailable and OutcomeUnknown.
    """
    with transaction.atomic():
        known = ShopifyCart.objects.filter(shop=shop_id, token=token).values_list("cart_token", flat=True).first()
        former = known or cart_owners.derived_cart_token(shop_id, token)
        if known == cart_token:
            return
        cart_owners.lock_names(shop_id, {former, cart_token})
        row = cart_rows.lock_cart(shop_id, token)
        if row.closed_by or row.cart_token == cart_token:
            return
        if row.cart_token != former:
            raise engine.Busy
        _rename_others(shop_id, token, cart_token)
        row.cart_token = cart_token
        row.save(update_fields=["cart_token"])
        _take_over(shop_id, former, cart_token)


def _rename_others(shop_id: int, token: str, cart_token: UUID) -> None:
    for other in ShopifyCart.objects.filter(shop=shop_id, cart_token=cart_token, closed_by="").exclude(token=token):
        other.cart_token = cart_owners.derived_cart_token(shop_id, other.token)
        other.save(update_fields=["cart_token"])


def _take_over(shop_id: int, former: UUID, cart_token: UUID) -> None:
    """Move what `former` holds to the cart. What both hold they hold for the same line, so it is not added up."""
    theirs = _units(shop_id, former)
    if theirs:
        own = _units(shop_id, cart_token)
        lines = [engine.Line(sku, max(own.get(sku, 0), theirs.get(sku, 0))) for sku in own | theirs]
        engine.hold_carts(shop_id, [engine.Cart(cart_token, lines, [former], carts.SHOPPER)])


def _units(shop_id: int, cart_token: UUID) -> dict[str, int]:
    living = Reservation.objects.filter(
        shop=shop_id, cart_token=cart_token, status=Status.ACTIVE, expires_at__gt=Now(), order_id=""
    )
    held: Iterable[tuple[str, int]] = living.values_list("stock_item__sku", "quantity")
    return dict(held)
