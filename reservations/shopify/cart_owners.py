"""Whose a hold is that several of Shopify's carts name.

A copied, shared or saved cart, and the cart that a login makes of a guest's, have the same ``_bazico_hold`` under
another token. A hold belongs to the first token whose lines name it, for as long as that token has the line; all others
hold for themselves. A hold that is over names no cart. Only if one token was emptied within moments of the other's
first word are the two one shopper's cart, and the other takes the hold over.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.db.models.functions import Now

from reservations.models import Reservation, ShopifyCart, Status
from reservations.shopify.webhooks.headers import moment

# The namespace of the uuids that we derive from Shopify's cart tokens.
NAMESPACE = UUID("6b2f6f0e-2f0d-5c38-9c60-0f3b8c1a7d11")
# A login copies the lines and empties the guest's cart at once; a person who shares a cart needs longer.
MOMENTS = timedelta(minutes=1)
# One after the other, in the order in which they are named.
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(name, 0)) FROM unnest(%s::text[]) AS names(name)"
_NEVER = datetime.max.replace(tzinfo=UTC)
_ALWAYS = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class KnownHold:
    """A reservation that a line names, or that one of these carts has."""

    id: UUID
    cart_token: UUID | None
    sku: str
    quantity: int
    is_alive: bool


@dataclass(frozen=True, slots=True)
class Part:
    """What falls to one of Shopify's carts: our uuid of it, and by SKU the units of holds without a cart."""

    cart_token: UUID
    alone: Mapping[str, int]


def derived_cart_token(shop_id: int, token: str) -> UUID:
    """The uuid of a cart that we know by Shopify's token alone."""
    return uuid5(NAMESPACE, f"{shop_id}/{token}")


def lock_names(shop_id: int, names: Iterable[UUID]) -> None:
    """Wait for anybody else who works on these carts and holds, and keep others away until this transaction ends.

    A transaction locks all that it needs at once, before it locks a cart's row, so nobody waits in a ring.
    """
    locks = [f"bazico cart {shop_id}/{name}" for name in sorted(set(names))]
    if locks:
        with connection.cursor() as cursor:
            cursor.execute(_LOCK, [locks])


def names_of(shop_id: int, holds: Collection[UUID]) -> dict[UUID, UUID]:
    """What to lock for each of these holds: its cart; a hold without a cart by its own id."""
    if not holds:
        return {}
    rows = Reservation.objects.filter(shop=shop_id, pk__in=holds).values_list("pk", "cart_token")
    return {hold: cart or hold for hold, cart in rows}


def open_carts(shop_id: int, carts: Collection[UUID], holds: Collection[str]) -> list[ShopifyCart]:
    """The open carts that have one of these uuids, or whose lines name one of these holds."""
    same = Q(cart_token__in=carts)
    if holds:
        same |= Q(holds__has_any_keys=list(holds))
    return list(ShopifyCart.objects.filter(same, shop=shop_id, closed_by="").order_by("token"))


def known_holds(shop_id: int, rows: Sequence[ShopifyCart]) -> list[KnownHold]:
    """The holds that these carts' lines name, and the living ones of their uuids."""
    named = {UUID(hold) for row in rows for hold in row.holds or ()}
    # A hold of an order belongs to no cart now.
    living = Q(status=Status.ACTIVE, expires_at__gt=Now(), order_id="")
    found = Reservation.objects.filter(
        Q(pk__in=named) | (Q(cart_token__in={row.cart_token for row in rows}) & living), shop=shop_id
    )
    lives = found.annotate(lives=ExpressionWrapper(living, BooleanField())).order_by("pk")
    columns = lives.values_list("pk", "cart_token", "stock_item__sku", "quantity", "lives")
    return [KnownHold(*column) for column in columns]


def share_out(shop_id: int, rows: Sequence[ShopifyCart], holds: Sequence[KnownHold]) -> dict[str, Part]:
    """What falls to each of these open carts, by Shopify's token. No uuid falls to two.

    `holds` that are about to be given back count as dead.
    """
    open_rows = [row for row in rows if has_lines(row)]
    owners: dict[UUID, ShopifyCart] = {}
    carts: dict[str, UUID] = {}
    for cart, row in [*_by_line(open_rows, holds), *_by_takeover(rows, open_rows, holds)]:
        if cart not in owners and row.token not in carts:
            owners[cart], carts[row.token] = row, cart
    for row in rows:
        if row.token not in carts:
            # What was its own stays so, unless another has it now.
            is_free = row.cart_token not in owners
            carts[row.token] = row.cart_token if is_free else derived_cart_token(shop_id, row.token)
            owners.setdefault(carts[row.token], row)
    return {row.token: Part(carts[row.token], _alone(row, open_rows, holds)) for row in rows}


def has_lines(row: ShopifyCart) -> bool:
    """Whether the cart has lines, as far as we know; a cart that we never heard of may have some."""
    return row.lines is None or bool(row.lines)


def first_to_name(hold: UUID, rows: Sequence[ShopifyCart]) -> ShopifyCart | None:
    """Of these carts the one whose lines named the hold first; None if none does."""
    naming = [(since, row.token, row) for row in rows if (since := _since(row, hold)) is not None]
    return min(naming, key=lambda one: one[:2])[2] if naming else None


def _by_line(rows: Sequence[ShopifyCart], holds: Sequence[KnownHold]) -> list[tuple[UUID, ShopifyCart]]:
    """For each of our living carts, those of Shopify's that have a line of it, the first first."""
    claims: list[tuple[datetime, bool, str, UUID, ShopifyCart]] = []
    for row in rows:
        living = [(hold.cart_token, hold) for hold in holds if hold.cart_token and hold.is_alive]
        named = [(cart, since) for cart, hold in living if (since := _since(row, hold.id)) is not None]
        # Its own cart's line may name no hold: the line itself says then that it is the cart's.
        unnamed = [(cart, _ALWAYS) for cart, hold in living if cart == row.cart_token and _has(row, hold.sku)]
        claims += [(since, cart != row.cart_token, row.token, cart, row) for cart, since in named or unnamed]
    return [(cart, row) for _, _, _, cart, row in sorted(claims, key=lambda claim: claim[:4])]


def _has(row: ShopifyCart, sku: str) -> bool:
    return row.lines is None or sku in row.lines


def _by_takeover(
    rows: Sequence[ShopifyCart], open_rows: Sequence[ShopifyCart], holds: Sequence[KnownHold]
) -> list[tuple[UUID, ShopifyCart]]:
    """Carts that were emptied within moments of another's first word about their holds, with that other."""
    emptied = {row.cart_token: row.updated_at for row in rows if not has_lines(row)}
    found = []
    for row in open_rows:
        for hold in holds:
            at, since = emptied.get(hold.cart_token) if hold.cart_token else None, _since(row, hold.id)
            if at is not None and since is not None and abs(at - since) <= MOMENTS and hold.cart_token:
                found.append((since, row.token, hold.cart_token, row))
    return [(cart, row) for _, _, cart, row in sorted(found, key=lambda one: one[:2])]


def _alone(row: ShopifyCart, open_rows: Sequence[ShopifyCart], holds: Sequence[KnownHold]) -> dict[str, int]:
    """By SKU the units of holds without a cart that this cart was the first to name."""
    units: dict[str, int] = {}
    for hold in holds:
        if hold.cart_token is None and hold.is_alive and first_to_name(hold.id, open_rows) is row:
            units[hold.sku] = units.get(hold.sku, 0) + hold.quantity
    return units


def _since(row: ShopifyCart, hold: UUID) -> datetime | None:
    """Since when the cart's lines name the hold, by Shopify's clock; None where they do not."""
    told = (row.holds or {}).get(str(hold))
    return None if told is None else moment(told) or _NEVER
