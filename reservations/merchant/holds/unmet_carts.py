"""What carts known to Shopify asked for and did not get."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models.functions import Now
from django.utils.translation import gettext as _

from reservations.models import Reservation, Shop, ShopifyCart, Status, StockItem

from .unmet_line import SHOWN, UNMET_SHOWN, Unmet


def unmet_carts(shop: Shop) -> tuple[Sequence[Unmet], bool]:
    """What the SHOWN carts that Shopify reported last did not get, and whether there are more."""
    carts = ShopifyCart.objects.filter(shop=shop, seen_at__gt=Now() - UNMET_SHOWN).exclude(refused={})
    found = list(carts.order_by("-seen_at", "-pk")[: SHOWN + 1])
    known = found[:SHOWN]
    items = _items(shop, {sku for cart in known for sku in cart.refused})
    held = _held(shop, [cart.cart_token for cart in known])
    return [
        Unmet(
            f"{cart.cart_token}-{number}",
            sku,
            items.get(sku),
            int(asked),
            cart.seen_at,
            _why(shop, cart, int(asked), units),
            cart.cart_token,
            units,
        )
        for cart in known
        for number, (sku, asked) in enumerate(cart.refused.items())
        for units in [held.get((cart.cart_token, sku), 0)]
    ], len(found) > SHOWN


def _why(shop: Shop, cart: ShopifyCart, asked: int, held: int) -> str:
    if cart.closed_by:
        return _("The cart has become an order since; the order page tells what it got.")
    if held >= asked:
        return _("Units came free since: the cart holds all that it asked for.")
    most = shop.max_units_per_line
    # The limit as it is now: it explains the refusal only if the cart asked for more and holds no more than that.
    if most is not None and asked > most >= held:
        return _("One cart can hold at most %(most)d units of a SKU in this shop.") % {"most": most}
    return _("When Shopify last told of this cart, no more units were free: others held or had bought them.")


def _items(shop: Shop, skus: set[str]) -> Mapping[str, int]:
    return dict(StockItem.objects.filter(shop=shop, sku__in=skus).values_list("sku", "pk")) if skus else {}


def _held(shop: Shop, tokens: Sequence[UUID]) -> Mapping[tuple[UUID, str], int]:
    if not tokens:
        return {}
    # A hold that an unpaid order took over belongs to no cart now.
    held = Reservation.objects.filter(shop=shop, cart_token__in=tokens, status=Status.ACTIVE, order_id="")
    live = held.filter(expires_at__gt=Now())
    found = live.values_list("cart_token", "stock_item__sku", "quantity")
    return {(token, sku): units for token, sku, units in found if token is not None}
