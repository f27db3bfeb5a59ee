"""Carts of the online store, as Shopify reports them: a cart's holds follow its lines.

We know a cart by our own uuid. Our script brings it: a line names one of the cart's reservations (``_bazico_hold``) or,
where the script did not know one yet, the cart itself (``_bazico_cart``); and :mod:`.cart_names` takes its word for
Shopify's token. For a cart that bypassed the script we derive a uuid from that token, so that both ways lead to one
cart. Several tokens may bring the same uuid; :mod:`.cart_owners` says which of them it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q

from reservations import engine
from reservations.models import Reservation, Shop, ShopifyCart, ShopifyOrder, Status

from . import cart_owners
from .cart_owners import MOMENTS, Part, derived_cart_token
from .catalogue.line_skus import ShopifyLine

_UPSERT = """
INSERT INTO reservations_shopifycart (shop_id, token, cart_token, closed_by, refused, seen_at)
VALUES (%s, %s, %s, '', '{}', clock_timestamp())
ON CONFLICT (shop_id, token) DO UPDATE SET seen_at = clock_timestamp()
"""


# Shopify tells neither the customer nor the address of a cart.
SHOPPER = engine.Shopper()


@dataclass(frozen=True, slots=True)
class CartState:
    """A cart at one moment. ``token`` is Shopify's, without its secret part."""

    token: str
    lines: Sequence[ShopifyLine]
    updated_at: datetime | None
    triggered_at: datetime


@dataclass(frozen=True, slots=True)
class OrdersCarts:
    """What an order takes its units from: carts by our uuid, and holds that belong to no cart."""

    carts: Sequence[UUID]
    holds: Sequence[UUID]


def hold_cart_lines(shop: Shop, state: CartState) -> bool:
    """Make the cart hold its lines as far as the stock goes; False when a newer state, or its order, came first."""
    row = _locked_with_its_names(shop.pk, state)
    if _is_older(state, row):
        return False
    former, named = row.cart_token, set(row.holds or ())
    _learn(row, state)
    row.cart_token = _named_by_lines(shop.pk, state, former) or former
    row.closed_by = row.closed_by or _order_of(shop.pk, row, state)
    if row.closed_by:
        # What became an order holds nothing: the order has taken the units.
        row.refused = {}
        row.save()
        return False
    rows = [row, *cart_owners.relatives(shop.pk, row, named | set(row.holds or ()))]
    holds = cart_owners.known_holds(shop.pk, rows)
    if not row.lines:
        # These are about to be given back.
        holds = [replace(hold, is_alive=hold.is_alive and hold.cart_token != former) for hold in holds]
    _hold(shop.pk, rows, cart_owners.share_out(shop.pk, rows, holds), former)
    return True


def close_carts(
    shop_id: int, order_id: str, token: str, named: UUID | None, holds: Sequence[UUID], *, is_first: bool
) -> OrdersCarts:
    """Close the carts that became this order, so that later news of them hold nothing, and return them.

    `token` is Shopify's name of the cart ("" where the order has none) and `named` our uuid, as the order has them;
    `holds` are those of its lines. What another token has or was the first to name stays its own. `is_first`: the order
    takes its units now, and did not long ago.
    """
    cart_of = dict(
        Reservation.objects.filter(shop=shop_id, pk__in=holds).order_by("pk").values_list("pk", "cart_token")
    )
    asked = [uuid for uuid in (named, *cart_of.values()) if uuid]
    own = [_cart_token_of(shop_id, token)] if token else []
    cart_owners.lock_names(shop_id, [*asked, *own, *(hold for hold, cart in cart_of.items() if cart is None)])
    row = lock_cart(shop_id, token) if token else None
    others = _others(shop_id, token, asked, holds) if row else []
    theirs = {other.cart_token for other in others}
    carts = list(dict.fromkeys([*([row.cart_token] if row else []), *(uuid for uuid in asked if uuid not in theirs)]))
    alone = [hold for hold, cart in cart_of.items() if cart is None and not _is_anothers(hold, row, others)]
    if row and not row.closed_by:
        row.closed_by, row.cart_token = order_id, named if named in carts else row.cart_token
        row.save(update_fields=["closed_by", "cart_token"])
    elif is_first and not row:
        ShopifyCart.objects.filter(shop=shop_id, cart_token__in=carts, closed_by="").update(closed_by=order_id)
    return OrdersCarts(carts, [*alone, *(hold for hold, cart in cart_of.items() if cart in carts)])


def lock_cart(shop_id: int, token: str) -> ShopifyCart:
    """Return the row of Shopify's cart, made if it is new. The upsert locks it until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, [shop_id, token, derived_cart_token(shop_id, token)])
    return ShopifyCart.objects.get(shop=shop_id, token=token)


def _locked_with_its_names(shop_id: int, state: CartState) -> ShopifyCart:
    known = ShopifyCart.objects.filter(shop=shop_id, token=state.token).first()
    own = known.cart_token if known else derived_cart_token(shop_id, state.token)
    told = known.holds if known else None
    holds = {line.hold for line in state.lines if line.hold} | {UUID(hold) for hold in told or ()}
    carts = {line.cart for line in state.lines if line.cart}
    cart_owners.lock_names(shop_id, {own, *carts, *cart_owners.names_of(shop_id, holds)})
    row = lock_cart(shop_id, state.token)
    if (row.cart_token, row.holds) != (own, told):
        # Somebody changed it before we had the locks, so they may be the wrong ones; the next try has the right ones.
        raise engine.Busy
    return row


def _is_older(state: CartState, row: ShopifyCart) -> bool:
    """Whether a newer state was applied already. A state without a time counts as the newest."""
    if row.updated_at is None or state.updated_at is None or row.triggered_at is None:
        return False
    return (state.updated_at, state.triggered_at) < (row.updated_at, row.triggered_at)


def _learn(row: ShopifyCart, state: CartState) -> None:
    lines: dict[str, int] = {}
    for line in state.lines:
        if line.quantity:
            lines[line.sku] = lines.get(line.sku, 0) + line.quantity
    known = row.holds or {}
    now = state.updated_at.isoformat() if state.updated_at else ""
    row.holds = {str(line.hold): known.get(str(line.hold), now) for line in state.lines if line.hold}
    row.lines, row.updated_at, row.triggered_at = lines, state.updated_at, state.triggered_at


def _named_by_lines(shop_id: int, state: CartState, known: UUID) -> UUID | None:
    """The uuid that this cart's lines name, if it has none but the derived one, and if theirs was never another's.

    A copy of a cart, and "buy again" of an order, bear the name of the first: there is another token that has it, or
    something of it was bought.
    """
    named = {line.cart for line in state.lines if line.cart}
    if len(named) != 1 or known != derived_cart_token(shop_id, state.token):
        return None
    (cart,) = named
    is_anothers = ShopifyCart.objects.filter(shop=shop_id, cart_token=cart).exclude(token=state.token)
    is_bought = Reservation.objects.filter(Q(status=Status.CONFIRMED) | ~Q(order_id=""), shop=shop_id, cart_token=cart)
    return None if is_anothers.exists() or is_bought.exists() else cart


def _order_of(shop_id: int, row: ShopifyCart, state: CartState) -> str:
    """The order that this cart became, where the order did not know Shopify's token; "" if there is none.

    Its last news come within moments of it. A cart that names a bought hold later is another: "buy again" makes such.
    """
    named = Reservation.objects.filter(shop=shop_id, pk__in=list(row.holds or ()))
    # Bought, or held by an order that awaits its payment.
    bought = named.filter(Q(status=Status.CONFIRMED) | ~Q(order_id=""))
    uuids = [uuid for uuid in bought.values_list("cart_token", flat=True) if uuid]
    if not uuids or state.updated_at is None:
        return ""
    orders = ShopifyOrder.objects.filter(shop=shop_id, cart_token__in=uuids, lines_at__gte=state.updated_at - MOMENTS)
    for order_id in orders.order_by("pk").values_list("order_id", flat=True):
        if not ShopifyCart.objects.filter(shop=shop_id, closed_by=order_id).exclude(token=row.token).exists():
            return order_id
    return ""


def _hold(shop_id: int, rows: Sequence[ShopifyCart], parts: Mapping[str, Part], former: UUID) -> None:
    """Let the first of these carts hold its lines, for the news is of it, and each that got another uuid by it.

    `former` is the uuid that the first had before its lines named one.
    """
    news, given = rows[0], {part.cart_token for part in parts.values()}
    changed = [row for row in rows if row is news or parts[row.token].cart_token != row.cart_token]
    wanted = []
    for row in changed:
        part = parts[row.token]
        before = {row.cart_token, former} if row is news else {row.cart_token}
        absorbs = sorted(before - given)
        wanted.append(engine.Cart(part.cart_token, _wanted(row.lines or {}, part.alone), absorbs, SHOPPER))
        row.cart_token = part.cart_token
    for row, held in zip(changed, engine.hold_carts(shop_id, wanted), strict=True):
        # For the merchant's pages and the admin: what this cart wanted and could not hold.
        row.refused = {line.sku: line.requested for line in held if line.held < line.requested}
        row.save(update_fields=None if row is news else ["cart_token", "refused"])


def _wanted(lines: Mapping[str, int], alone: Mapping[str, int]) -> list[engine.Line]:
    """What the cart itself must hold: its lines, less the units that holds without a cart (`alone`) cover."""
    left = {sku: units - alone.get(sku, 0) for sku, units in lines.items()}
    return [engine.Line(sku, units) for sku, units in left.items() if units > 0]


def _cart_token_of(shop_id: int, token: str) -> UUID:
    known = ShopifyCart.objects.filter(shop=shop_id, token=token).values_list("cart_token", flat=True).first()
    return known or derived_cart_token(shop_id, token)


def _others(shop_id: int, token: str, carts: Sequence[UUID], holds: Sequence[UUID]) -> list[ShopifyCart]:
    """The other carts that live, and that have one of these uuids or name one of these holds."""
    same = Q(cart_token__in=carts)
    if holds:
        same |= Q(holds__has_any_keys=[str(hold) for hold in holds])
    rows = ShopifyCart.objects.filter(same, shop=shop_id, closed_by="").exclude(token=token)
    return [row for row in rows if cart_owners.has_lines(row)]


def _is_anothers(hold: UUID, row: ShopifyCart | None, others: Sequence[ShopifyCart]) -> bool:
    return row is not None and cart_owners.first_to_name(hold, [row, *others]) not in (None, row)
