"""Carts of the online store, as Shopify reports them: a cart's holds follow its lines.

We know a cart by our own uuid. Our script brings it (a line's ``_bazico_hold`` names one of the cart's reservations);
for a cart that bypassed the script we derive one from Shopify's token, so that both ways lead to the same cart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.db import connection
from django.db.models.functions import Now

from reservations import engine
from reservations.models import Reservation, Shop, ShopifyCart, ShopifyOrder, Status

from .catalogue.line_skus import ShopifyLine

# The namespace of the uuids that we derive from Shopify's cart tokens.
NAMESPACE = UUID("6b2f6f0e-2f0d-5c38-9c60-0f3b8c1a7d11")

_UPSERT = """
INSERT INTO reservations_shopifycart (shop_id, token, cart_token, closed_by, refused, seen_at)
VALUES (%s, %s, %s, '', '{}', clock_timestamp())
ON CONFLICT (shop_id, token) DO UPDATE SET seen_at = clock_timestamp()
"""


@dataclass(frozen=True, slots=True)
class CartState:
    """A cart at one moment. ``token`` is Shopify's, without its secret part."""

    token: str
    lines: Sequence[ShopifyLine]
    updated_at: datetime | None
    triggered_at: datetime


def hold_cart_lines(shop: Shop, state: CartState) -> bool:
    """Make the cart hold its lines as far as the stock goes; False when a newer state, or its order, came first."""
    row = lock_cart(shop.pk, state.token)
    if _is_older(state, row):
        return False
    cart_token, alone = _identity(shop, state, row)
    # Locked in one order, so that two deliveries of two carts never wait for each other in a circle.
    for token in sorted({cart_token, row.cart_token}):
        lock_cart_token(shop.pk, token)
    closed = bool(row.closed_by) or ShopifyOrder.objects.filter(shop=shop, cart_token=cart_token).exists()
    # What became an order holds nothing: the order has taken the units.
    lines = [] if closed else _wanted(state.lines, alone)
    absorbs = [row.cart_token] if row.cart_token != cart_token else []
    held = engine.hold_cart(shop.pk, cart_token, lines, absorbs=absorbs)
    row.cart_token, row.updated_at, row.triggered_at = cart_token, state.updated_at, state.triggered_at
    # For the merchant's pages and the admin: what this cart wanted and could not hold.
    row.refused = {line.sku: line.requested for line in held if line.held < line.requested}
    row.save(update_fields=["cart_token", "updated_at", "triggered_at", "refused"])
    return not closed


def lock_cart(shop_id: int, token: str) -> ShopifyCart:
    """Return the row of Shopify's cart, made if it is new. The upsert locks it until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, [shop_id, token, derived_cart_token(shop_id, token)])
    return ShopifyCart.objects.get(shop=shop_id, token=token)


def close_cart(shop_id: int, token: str, order_id: str, cart_token: UUID | None) -> UUID:
    """Note that the cart became an order, so that later news of it holds nothing. Returns its uuid so far.

    `cart_token` is the uuid that the order itself names.
    """
    row = lock_cart(shop_id, token)
    known = row.cart_token
    if not row.closed_by or (cart_token and cart_token != known):
        row.closed_by, row.cart_token = row.closed_by or order_id, cart_token or known
        row.save(update_fields=["closed_by", "cart_token"])
    return known


def derived_cart_token(shop_id: int, token: str) -> UUID:
    """The uuid of a cart that we know by Shopify's token alone."""
    return uuid5(NAMESPACE, f"{shop_id}/{token}")


def lock_cart_token(shop_id: int, cart_token: UUID) -> None:
    """Wait for anybody else who works on this cart, then keep others away until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"bazico cart {shop_id}/{cart_token}"])


def _is_older(state: CartState, row: ShopifyCart) -> bool:
    """Whether a newer state was applied already. A state without a time counts as the newest."""
    if row.updated_at is None or state.updated_at is None or row.triggered_at is None:
        return False
    return (state.updated_at, state.triggered_at) < (row.updated_at, row.triggered_at)


def _identity(shop: Shop, state: CartState, row: ShopifyCart) -> tuple[UUID, dict[str, int]]:
    """Our uuid of the cart, and by SKU the units that holds without a cart already keep for its lines."""
    named = [line.hold for line in state.lines if line.hold]
    if not named:
        return row.cart_token, {}
    holds = Reservation.objects.filter(shop=shop, pk__in=named).order_by("pk")
    # The script reserves before the cart has a uuid: such a hold covers a line without being the cart's own.
    living = holds.filter(cart_token=None, status=Status.ACTIVE, expires_at__gt=Now())
    alone: dict[str, int] = {}
    for sku, quantity in living.values_list("stock_item__sku", "quantity"):
        alone[sku] = alone.get(sku, 0) + quantity
    known = holds.exclude(cart_token=None).values_list("cart_token", flat=True).first()
    return known or row.cart_token, alone


def _wanted(lines: Sequence[ShopifyLine], alone: dict[str, int]) -> list[engine.Line]:
    """What the cart itself must hold: its lines, less the units that holds without a cart (`alone`) cover."""
    # Two lines of one SKU share what covers it: each takes from `left` what the one before it left over.
    left = dict(alone)
    wanted = []
    for line in lines:
        covered = min(line.quantity, left.get(line.sku, 0))
        left[line.sku] = left.get(line.sku, 0) - covered
        if line.quantity > covered:
            wanted.append(engine.Line(line.sku, line.quantity - covered))
    return wanted
