"""Which of our carts Shopify's token is, as the shopper's script says.

Whoever knows a cart's uuid may say so: it is as good as the cart itself (:mod:`.proxy`). The script says it before it
holds, so the carts webhook finds the cart's own holds and makes no second ones; the cart takes over what the webhook
has held already under the uuid that we derived.

There is one exception. A link brings lines into the cart of whoever opens it, and with them a uuid that its maker chose
and knows. As long as nothing but its lines names a cart so, only who knows Shopify's token too can take away what it
holds: whatever anybody else releases or claims, the cart goes on to hold its lines, under the uuid that we derive.
"""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Now

from reservations import engine
from reservations.models import NamedBy, Reservation, ShopifyCart, Status

from . import cart_owners, cart_rows, carts


def name_cart(shop_id: int, token: str, cart_token: UUID) -> None:
    """Let Shopify's `token` be our cart, and no other token be it; nothing for a cart that became an order.

    A shopper whose cart Shopify replaces (a permalink, a login) keeps the uuid: the former token then gets one of its
    own. Raises Busy, Unavailable and OutcomeUnknown.
    """
    with transaction.atomic():
        known = ShopifyCart.objects.filter(shop=shop_id, token=token).values_list("cart_token", "named_by").first()
        former = known[0] if known else cart_owners.derived_cart_token(shop_id, token)
        if known == (cart_token, NamedBy.SCRIPT):
            return
        others = _others(shop_id, token, cart_token)
        cart_owners.lock_names(shop_id, {former, cart_token, *(_derived(other) for other in others)})
        row = cart_rows.lock_cart(shop_id, token)
        if row.closed_by:
            return
        if row.cart_token != former:
            raise engine.Busy
        for other in others:
            _rename(other, cart_token)
        row.cart_token, row.named_by = cart_token, NamedBy.SCRIPT
        row.save(update_fields=["cart_token", "named_by"])
        if former != cart_token:
            _take_over(shop_id, former, cart_token)


@transaction.atomic
def spare_what_lines_named(shop_id: int, cart_tokens: Iterable[UUID], token: str = "") -> None:
    """Before somebody releases these carts: let those hold on that only their lines name so.

    `token` is the one of Shopify's carts that the caller knows; that cart is the caller's. Raises Busy, Unavailable and
    OutcomeUnknown.
    """
    known = [
        other
        for other in _named_by_lines(shop_id, cart_tokens).exclude(token=token).order_by("token")
        # Who knows the uuid that we derive knows the token.
        if other.cart_token != _derived(other)
    ]
    if known:
        cart_owners.lock_names(shop_id, {name for other in known for name in (other.cart_token, _derived(other))})
        for other in known:
            _rename(other, other.cart_token)


def held_for_lines(shop_id: int, cart_token: UUID) -> Mapping[str, int]:
    """By SKU the units that this cart holds, if nothing but its lines names it so."""
    lines = _named_by_lines(shop_id, [cart_token]).filter(cart_token=OuterRef("cart_token"))
    held: Iterable[tuple[str, int]] = (
        _living(shop_id, cart_token).filter(Exists(lines)).values_list("stock_item__sku", "quantity")
    )
    return dict(held)


def _named_by_lines(shop_id: int, cart_tokens: Iterable[UUID]) -> QuerySet[ShopifyCart]:
    return ShopifyCart.objects.filter(shop=shop_id, cart_token__in=cart_tokens, closed_by="", named_by=NamedBy.LINES)


def _others(shop_id: int, token: str, cart_token: UUID) -> list[ShopifyCart]:
    others = ShopifyCart.objects.filter(shop=shop_id, cart_token=cart_token, closed_by="").exclude(token=token)
    return list(others.order_by("token"))


def _derived(row: ShopifyCart) -> UUID:
    return cart_owners.derived_cart_token(row.shop_id, row.token)


def _rename(known: ShopifyCart, cart_token: UUID) -> None:
    """Give the cart, whose uuid somebody else calls theirs, the one that we derive; if lines named it, it holds on."""
    row = cart_rows.lock_cart(known.shop_id, known.token)
    if row.cart_token != cart_token or row.closed_by:
        return
    is_spared = row.named_by == NamedBy.LINES and bool(row.lines)
    row.cart_token, row.named_by = _derived(row), NamedBy.TOKEN if is_spared else NamedBy.LINES
    row.save(update_fields=["cart_token", "named_by"])
    if is_spared:
        lines = [engine.Line(sku, units) for sku, units in (row.lines or {}).items()]
        spared = engine.Cart(row.cart_token, lines, [cart_token], carts.SHOPPER)
        engine.hold_carts(row.shop_id, [spared])


def _take_over(shop_id: int, former: UUID, cart_token: UUID) -> None:
    """Move what `former` holds to the cart. What both hold they hold for the same line, so it is not added up."""
    theirs = _units(shop_id, former)
    if theirs:
        own = _units(shop_id, cart_token)
        lines = [engine.Line(sku, max(own.get(sku, 0), theirs.get(sku, 0))) for sku in own | theirs]
        engine.hold_carts(shop_id, [engine.Cart(cart_token, lines, [former], carts.SHOPPER)])


def _units(shop_id: int, cart_token: UUID) -> dict[str, int]:
    held: Iterable[tuple[str, int]] = _living(shop_id, cart_token).values_list("stock_item__sku", "quantity")
    return dict(held)


def _living(shop_id: int, cart_token: UUID) -> QuerySet[Reservation]:
    return Reservation.objects.filter(
        shop=shop_id, cart_token=cart_token, status=Status.ACTIVE, expires_at__gt=Now(), order_id=""
    )
