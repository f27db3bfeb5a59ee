"""Where a reservation came from, as far as that can be known.

The engine is told a shop, lines and perhaps a cart, not who asked. What is certain is read from what Shopify has told:

* a cart that Shopify knows is a shopper's in the storefront;
* a cart that Shopify has not told of (yet) may be of a storefront or of a program that uses the API;
* a reservation without a cart was asked for through the API: Shopify's carts always have theirs;
* one that was sold in the moment in which it began is a paid order that had no live reservation.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext as _

from reservations.models import Reservation, Shop, ShopifyCart, Status


class Source(StrEnum):
    """Who asked for the units."""

    STOREFRONT = "storefront"
    CART = "cart"
    API = "api"
    ORDER = "order"

    @property
    def label(self) -> str:
        """A few words for the merchant."""
        return {
            Source.STOREFRONT: _("storefront"),
            Source.CART: _("cart to be confirmed"),
            Source.API: _("API"),
            Source.ORDER: _("paid order"),
        }[self]


def sources(shop: Shop, held: Sequence[Reservation]) -> Mapping[UUID, Source]:
    """The source of each of these reservations of a shop, by its id."""
    tokens = {one.cart_token for one in held if one.cart_token is not None}
    known: set[UUID] = set()
    if tokens:
        told = ShopifyCart.objects.filter(shop=shop, cart_token__in=tokens)
        known = set(told.values_list("cart_token", flat=True))
    return {one.pk: _source(one, known) for one in held}


def _source(held: Reservation, known: set[UUID]) -> Source:
    if held.status == Status.CONFIRMED and held.ended_at == held.created_at:
        return Source.ORDER
    if held.cart_token is None:
        return Source.API
    return Source.STOREFRONT if held.cart_token in known else Source.CART
