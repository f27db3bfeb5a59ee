"""Where a reservation came from, as far as anybody can know.

The engine learns a shop, lines and perhaps a cart, never the caller. What Shopify reported makes some of it certain:

* a cart that Shopify knows is a shopper's in the storefront;
* a cart that Shopify has not reported (yet) may belong to a storefront or to a program that uses the API;
* a reservation without a cart came through the API: Shopify's carts always carry their token;
* a reservation sold in the instant it began is a paid order that had no live hold;
* a hold with an order, which is sold once it is paid, is one that awaits its payment.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext as _

from reservations.models import Reservation, Shop, ShopifyCart, Status


class Source(StrEnum):
    """The asker of the units."""

    STOREFRONT = "storefront"
    CART = "cart"
    API = "api"
    ORDER = "order"
    UNPAID = "unpaid"

    @property
    def label(self) -> str:
        """A few words for the merchant."""
        return {
            Source.STOREFRONT: _("storefront"),
            Source.CART: _("cart to be confirmed"),
            Source.API: _("API"),
            Source.ORDER: _("paid order"),
            Source.UNPAID: _("awaits payment"),
        }[self]


def sources(shop: Shop, reservations: Sequence[Reservation]) -> Mapping[UUID, Source]:
    """The source of each of these reservations of a shop, by its id."""
    tokens = {one.cart_token for one in reservations if one.cart_token is not None}
    known: set[UUID] = set()
    if tokens:
        told = ShopifyCart.objects.filter(shop=shop, cart_token__in=tokens)
        known = set(told.values_list("cart_token", flat=True))
    return {one.pk: _source(one, known) for one in reservations}


def _source(reservation: Reservation, known: set[UUID]) -> Source:
    if reservation.status == Status.CONFIRMED and reservation.ended_at == reservation.created_at:
        return Source.ORDER
    if reservation.order_id and reservation.status != Status.CONFIRMED:
        return Source.UNPAID
    if reservation.cart_token is None:
        return Source.API
    return Source.STOREFRONT if reservation.cart_token in known else Source.CART
