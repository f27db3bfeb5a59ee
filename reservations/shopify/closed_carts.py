"""Close the carts that became orders, so that later news of them hold nothing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from reservations.models import Reservation, ShopifyCart

from . import cart_owners, cart_rows


@dataclass(frozen=True, slots=True)
class Closing:
    """An order that closes carts, as it names them: by Shopify's `token` ("" for none), by our uuid, by their `holds`.

    ``is_first``: the order takes its units now, and did not long ago.
    """

    order_id: str
    token: str
    named: UUID | None
    holds: Sequence[UUID]
    is_first: bool


@dataclass(frozen=True, slots=True)
class OrdersCarts:
    """What an order takes its units from: carts by our uuid, and holds that belong to no cart."""

    carts: Sequence[UUID]
    holds: Sequence[UUID]


def close_carts(shop_id: int, closings: Sequence[Closing]) -> list[OrdersCarts]:
    """Close the carts that became these orders, one order after the other, and return each one's.

    What another token has or was the first to name stays its own.
    """
    cart_of = _carts_of(shop_id, {hold for closing in closings for hold in closing.holds})
    asked = [
        _Asked(closing, {hold: cart_of[hold] for hold in sorted(set(closing.holds)) if hold in cart_of})
        for closing in closings
    ]
    tokens = {closing.token for closing in closings if closing.token}
    names = {*cart_rows.cart_tokens_of(shop_id, tokens).values(), *(name for one in asked for name in one.names)}
    cart_owners.lock_names(shop_id, names)
    rows = cart_rows.lock_carts(shop_id, tokens)
    uuids = {uuid for one in asked for uuid in one.carts}
    holds = {str(hold) for closing in closings for hold in closing.holds}
    if uuids or holds:
        for other in cart_owners.open_carts(shop_id, uuids, holds):
            rows.setdefault(other.token, other)
    changed: dict[str, ShopifyCart] = {}
    found = [_close(one, rows, changed) for one in asked]
    cart_rows.save(changed.values(), "closed_by", "cart_token")
    return found


@dataclass(frozen=True, slots=True)
class _Asked:
    """A closing, and the carts of those of its holds that exist."""

    closing: Closing
    cart_of: Mapping[UUID, UUID | None]

    @property
    def carts(self) -> list[UUID]:
        """The uuids that the order names, itself or by a hold."""
        return [uuid for uuid in (self.closing.named, *self.cart_of.values()) if uuid]

    @property
    def names(self) -> list[UUID]:
        """What to lock for it."""
        return [*self.carts, *(hold for hold, cart in self.cart_of.items() if cart is None)]


def _close(asked: _Asked, rows: Mapping[str, ShopifyCart], changed: dict[str, ShopifyCart]) -> OrdersCarts:
    """Close the order's carts among `rows`; those that `changed` are to be saved."""
    closing, cart_of = asked.closing, asked.cart_of
    row = rows[closing.token] if closing.token else None
    others = _others(closing, asked.carts, rows.values()) if row else []
    theirs = {other.cart_token for other in others}
    own = [row.cart_token] if row else []
    carts = list(dict.fromkeys([*own, *(uuid for uuid in asked.carts if uuid not in theirs)]))
    alone = [hold for hold, cart in cart_of.items() if cart is None and not _is_anothers(hold, row, others)]
    if row and not row.closed_by:
        row.closed_by = closing.order_id
        row.cart_token = closing.named if closing.named in carts else row.cart_token
        changed[row.token] = row
    elif closing.is_first and not row:
        for other in rows.values():
            if other.cart_token in carts and not other.closed_by:
                other.closed_by = closing.order_id
                changed[other.token] = other
    return OrdersCarts(carts, [*alone, *(hold for hold, cart in cart_of.items() if cart in carts)])


def _carts_of(shop_id: int, holds: Collection[UUID]) -> dict[UUID, UUID | None]:
    if not holds:
        return {}
    return dict(Reservation.objects.filter(shop=shop_id, pk__in=holds).values_list("pk", "cart_token"))


def _others(closing: Closing, carts: Sequence[UUID], rows: Collection[ShopifyCart]) -> list[ShopifyCart]:
    """The other carts that live, and that have one of these uuids or name one of the order's holds."""
    holds = {str(hold) for hold in closing.holds}
    return [
        row
        for row in rows
        if row.token != closing.token
        and not row.closed_by
        and (row.cart_token in carts or not holds.isdisjoint(row.holds or ()))
        and cart_owners.has_lines(row)
    ]


def _is_anothers(hold: UUID, row: ShopifyCart | None, others: Sequence[ShopifyCart]) -> bool:
    return row is not None and cart_owners.first_to_name(hold, [row, *others]) not in (None, row)
