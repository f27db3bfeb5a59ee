"""Carts of the online store, as Shopify reports them: a cart's holds follow its lines.

We know a cart by our own uuid. Our script brings it: a line names one of the cart's reservations (``_bazico_hold``) or,
where the script did not know one yet, the cart itself (``_bazico_cart``); and :mod:`.cart_names` takes its word for
Shopify's token. For a cart that bypassed the script we derive a uuid from that token, so that both ways lead to one
cart. Several tokens may bring the same uuid; :mod:`.cart_owners` says which of them it is.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from reservations import engine
from reservations.models import NamedBy, Reservation, Shop, ShopifyCart, ShopifyOrder, Status

from . import cart_owners, cart_rows
from .cart_owners import MOMENTS, KnownHold, Part, derived_cart_token
from .catalogue.line_skus import ShopifyLine

# Bought, or held by an order that awaits its payment.
_BOUGHT = Q(status=Status.CONFIRMED) | ~Q(order_id="")
# All that news of a cart may change.
_COLUMNS = ("cart_token", "named_by", "updated_at", "triggered_at", "closed_by", "lines", "holds", "refused")


# Shopify tells neither the customer nor the address of a cart.
SHOPPER = engine.Shopper()


@dataclass(frozen=True, slots=True)
class CartState:
    """A cart at one moment. ``token`` is Shopify's, without its secret part."""

    token: str
    lines: Sequence[ShopifyLine]
    updated_at: datetime | None
    triggered_at: datetime


def hold_cart_lines(shop: Shop, state: CartState) -> bool:
    """Make the cart hold its lines as far as the stock goes; False when a newer state, or its order, came first.

    Raises Busy where somebody changed the cart meanwhile, and what :func:`reservations.engine.hold_carts` raises.
    """
    [held] = hold_in_turn(shop, [state])
    if held is None:
        raise engine.Busy
    return held


def hold_in_turn(shop: Shop, states: Sequence[CartState]) -> list[bool | None]:
    """Make carts hold their lines, in turn and in one transaction, as if each came in one of its own.

    None for one that has to wait for the next transaction: a cart before it touches the same, or somebody changed it
    before we had the locks. Raises what :func:`reservations.engine.hold_carts` raises; nothing was held then.
    """
    news, cart_of = _locked_with_their_names(shop.pk, states)
    answers: list[bool | None] = [None] * len(states)
    for place in list(news):
        if _is_older(states[place], news[place].row):
            answers[place] = False
            del news[place]
    anothers, bought = _named_before(shop.pk, [(states[place], one) for place, one in news.items()])
    for place, one in news.items():
        state, row = states[place], one.row
        _learn(row, state)
        if row.named_by == NamedBy.LINES:
            row.cart_token = _named_by_lines(shop.pk, state, one.former, anothers) or one.former
        row.closed_by = row.closed_by or _order_of(shop.pk, row, state, bought)
        if row.closed_by:
            # What became an order holds nothing: the order has taken the units.
            row.refused, answers[place] = {}, False
    chosen = _with_their_relatives(shop.pk, news, cart_of)
    _hold(shop.pk, list(chosen.values()))
    answers = [True if place in chosen else answer for place, answer in enumerate(answers)]
    cart_rows.save([one.row for place, one in news.items() if answers[place] is not None], *_COLUMNS)
    return answers


@dataclass(slots=True)
class _News:
    """News of a cart: its locked row, its uuid and the holds that its lines named before, and what is known with it."""

    row: ShopifyCart
    former: UUID
    named: set[str]
    relatives: list[ShopifyCart] = field(default_factory=list)
    holds: list[KnownHold] = field(default_factory=list)

    @property
    def rows(self) -> list[ShopifyCart]:
        """The cart's own row, and its relatives'."""
        return [self.row, *self.relatives]


def _locked_with_their_names(shop_id: int, states: Sequence[CartState]) -> tuple[dict[int, _News], Mapping[UUID, UUID]]:
    """The news of the carts that this transaction has locked, by their place; and what to lock for each hold.

    Of those that share a name it locks the first.
    """
    known = cart_rows.known_carts(shop_id, {state.token for state in states})
    told = [known[state.token].holds if state.token in known else None for state in states]
    holds = [
        {line.hold for line in state.lines if line.hold} | {UUID(hold) for hold in before or ()}
        for state, before in zip(states, told, strict=True)
    ]
    cart_of = cart_owners.names_of(shop_id, {hold for some in holds for hold in some})
    taken: set[UUID] = set()
    own: dict[int, UUID] = {}
    for place, state in enumerate(states):
        row = known.get(state.token)
        cart = row.cart_token if row else derived_cart_token(shop_id, state.token)
        names = {cart, *(line.cart for line in state.lines if line.cart)}
        names |= {cart_of[hold] for hold in holds[place] if hold in cart_of}
        if taken.isdisjoint(names):
            taken |= names
            own[place] = cart
    cart_owners.lock_names(shop_id, taken)
    rows = cart_rows.lock_carts(shop_id, [states[place].token for place in own])
    found = {}
    for place, cart in own.items():
        row = rows[states[place].token]
        # If somebody changed it before we had the locks, they may be the wrong ones; the next try has the right ones.
        if (row.cart_token, row.holds) == (cart, told[place]):
            found[place] = _News(row, cart, set(row.holds or ()))
    return found, cart_of


def _with_their_relatives(shop_id: int, news: Mapping[int, _News], cart_of: Mapping[UUID, UUID]) -> dict[int, _News]:
    """The news of open carts that touch no other cart of these, each with its relatives and their holds.

    Of those that touch each other it is the first, and none that touches a cart which has just been closed.
    """
    closed = {name for one in news.values() if one.row.closed_by for name in (one.row.token, one.former)}
    news = {place: one for place, one in news.items() if not one.row.closed_by}
    if not news:
        return {}
    names = {place: one.named | set(one.row.holds or ()) for place, one in news.items()}
    carts = {
        place: {one.row.cart_token, *(cart_of[hold] for name in names[place] if (hold := UUID(name)) in cart_of)}
        for place, one in news.items()
    }
    others = cart_owners.open_carts(shop_id, set().union(*carts.values()), set().union(*names.values()))
    for place, one in news.items():
        one.relatives = [
            other
            for other in others
            if other.token != one.row.token
            and (other.cart_token in carts[place] or not names[place].isdisjoint(other.holds or ()))
        ]
    holds = cart_owners.known_holds(shop_id, [row for one in news.values() for row in one.rows])
    taken: set[UUID | str] = set(closed)
    chosen = {}
    for place, one in news.items():
        one.holds = _holds_of(one.rows, holds)
        touched: set[UUID | str] = {one.former, *(row.cart_token for row in one.rows), *(row.token for row in one.rows)}
        touched |= {hold.id for hold in one.holds} | {hold.cart_token for hold in one.holds if hold.cart_token}
        if taken.isdisjoint(touched):
            taken |= touched
            chosen[place] = one
    return chosen


def _holds_of(rows: Collection[ShopifyCart], holds: Sequence[KnownHold]) -> list[KnownHold]:
    """Of the known holds those that these carts' lines name, and the living ones of their uuids."""
    named = {hold for row in rows for hold in row.holds or ()}
    carts = {row.cart_token for row in rows}
    return [hold for hold in holds if str(hold.id) in named or (hold.is_alive and hold.cart_token in carts)]


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


def _named_before(
    shop_id: int, news: Sequence[tuple[CartState, _News]]
) -> tuple[Collection[tuple[UUID, str]], Mapping[str, UUID | None]]:
    """What the database has of the carts and holds that lines name.

    Of the carts: each token that has one, and "" for one of which something was bought. Of the holds: the carts of
    those that were bought, by the hold's id.
    """
    named = {line.cart for state, _ in news for line in state.lines if line.cart}
    holds = {line.hold for state, _ in news for line in state.lines if line.hold}
    anothers: set[tuple[UUID, str]] = set()
    bought: dict[str, UUID | None] = {}
    if named:
        rows = ShopifyCart.objects.filter(shop=shop_id, cart_token__in=named).values_list("cart_token", "token")
        sold = Reservation.objects.filter(_BOUGHT, shop=shop_id, cart_token__in=named).values_list("cart_token")
        anothers = {*rows, *((cart, "") for (cart,) in sold.distinct() if cart)}
    if holds:
        found = Reservation.objects.filter(_BOUGHT, shop=shop_id, pk__in=holds).values_list("pk", "cart_token")
        bought = {str(hold): cart for hold, cart in found}
    return anothers, bought


def _named_by_lines(shop_id: int, state: CartState, known: UUID, anothers: Collection[tuple[UUID, str]]) -> UUID | None:
    """The uuid that this cart's lines name, if it has none but the derived one, and if theirs was never another's.

    A copy of a cart, and "buy again" of an order, bear the name of the first: there is another token that has it, or
    something of it was bought.
    """
    named = {line.cart for line in state.lines if line.cart}
    if len(named) != 1 or known != derived_cart_token(shop_id, state.token):
        return None
    (cart,) = named
    return None if any(one == cart and token != state.token for one, token in anothers) else cart


def _order_of(shop_id: int, row: ShopifyCart, state: CartState, bought: Mapping[str, UUID | None]) -> str:
    """The order that this cart became, where the order did not know Shopify's token; "" if there is none.

    Its last news come within moments of it. A cart that names a bought hold later is another: "buy again" makes such.
    """
    uuids = [uuid for hold in row.holds or () if (uuid := bought.get(hold))]
    if not uuids or state.updated_at is None:
        return ""
    orders = ShopifyOrder.objects.filter(shop=shop_id, cart_token__in=uuids, lines_at__gte=state.updated_at - MOMENTS)
    for order_id in orders.order_by("pk").values_list("order_id", flat=True):
        if not ShopifyCart.objects.filter(shop=shop_id, closed_by=order_id).exclude(token=row.token).exists():
            return order_id
    return ""


def _hold(shop_id: int, news: Sequence[_News]) -> None:
    """Let each of these carts hold its lines, and each relative that got another uuid by it."""
    groups = [_wanted_of(shop_id, one) for one in news]
    held = engine.hold_carts_in_turn(shop_id, [wanted for _, wanted in groups]) if groups else []
    renamed = []
    for (changed, _), lines_of in zip(groups, held, strict=True):
        for row, lines in zip(changed, lines_of, strict=True):
            # For the merchant's pages and the admin: what this cart wanted and could not hold.
            row.refused = {line.sku: line.requested for line in lines if line.held < line.requested}
        renamed += changed[1:]
    cart_rows.save(renamed, "cart_token", "named_by", "refused")


def _wanted_of(shop_id: int, one: _News) -> tuple[list[ShopifyCart], list[engine.Cart]]:
    """The cart of which there is news and its relatives that get another uuid, and what each of them has to hold."""
    row, holds = one.row, one.holds
    if not row.lines:
        # These are about to be given back.
        holds = [replace(hold, is_alive=hold.is_alive and hold.cart_token != one.former) for hold in holds]
    parts = cart_owners.share_out(shop_id, one.rows, holds)
    given = {part.cart_token for part in parts.values()}
    changed = [each for each in one.rows if each is row or parts[each.token].cart_token != each.cart_token]
    wanted = []
    for each in changed:
        part = parts[each.token]
        # The first had another uuid before its lines named one.
        before = {each.cart_token, one.former} if each is row else {each.cart_token}
        wanted.append(engine.Cart(part.cart_token, _wanted(each.lines or {}, part), sorted(before - given), SHOPPER))
        if part.cart_token != each.cart_token and each.named_by == NamedBy.SCRIPT:
            each.named_by = NamedBy.LINES
        each.cart_token = part.cart_token
    return changed, wanted


def _wanted(lines: Mapping[str, int], part: Part) -> list[engine.Line]:
    """What the cart itself must hold: its lines, less the units that holds without a cart cover."""
    left = {sku: units - part.alone.get(sku, 0) for sku, units in lines.items()}
    return [engine.Line(sku, units) for sku, units in left.items() if units > 0]
