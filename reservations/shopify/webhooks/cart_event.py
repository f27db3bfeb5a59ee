"""``carts/create`` and ``carts/update`` both say how the cart stands now."""

from collections.abc import Sequence
from dataclasses import replace

from reservations.shopify import carts
from reservations.shopify.access import installation
from reservations.shopify.carts import CartState
from reservations.shopify.catalogue import line_skus

from . import payload_reader
from .handler import Event, Handler, Verdict
from .payload_reader import InvalidPayload


def apply(event: Event, fetched: None = None) -> bool:
    """Let the cart's holds follow its lines. Raises InvalidPayload and what the engine raises."""
    if installation.is_uninstalled(event.shop.pk):
        return False
    state = _state(event)
    return carts.hold_cart_lines(event.shop, _with_skus(event.shop.pk, [state])[0])


def apply_together(events: Sequence[tuple[Event, Handler]]) -> list[Verdict]:
    """Let the holds of several carts follow their lines. Raises what the engine raises."""
    shop = events[0][0].shop
    if installation.is_uninstalled(shop.pk):
        return [Verdict.IGNORED] * len(events)
    verdicts = [Verdict.LATER] * len(events)
    states = {}
    for place, (event, _) in enumerate(events):
        try:
            states[place] = _state(event)
        except InvalidPayload:
            verdicts[place] = Verdict.ALONE
    held = carts.hold_in_turn(shop, _with_skus(shop.pk, list(states.values())))
    for place, changed in zip(states, held, strict=True):
        if changed is not None:
            verdicts[place] = Verdict.APPLIED if changed else Verdict.IGNORED
    return verdicts


def _state(event: Event) -> CartState:
    token = payload_reader.text(event.payload, "token") or payload_reader.text(event.payload, "id")
    if not token:
        raise InvalidPayload("the cart has no token")
    lines = line_skus.read_lines(payload_reader.rows(event.payload, "line_items"))
    return CartState(token, lines, payload_reader.time(event.payload, "updated_at"), event.triggered_at)


def _with_skus(shop_id: int, states: Sequence[CartState]) -> list[CartState]:
    named = line_skus.name_skus(shop_id, [state.lines for state in states])
    return [replace(state, lines=lines) for state, lines in zip(states, named, strict=True)]
