"""Records a history of the real engine: many clients, one SKU, random calls."""

import random
import time
from collections.abc import Callable
from functools import partial

from reservations import engine
from reservations.models import Shop, StockMovement
from tests.factories import by_id, stock_of
from tests.support.rendezvous import at_once, raised

from .events import Event, History, Row

KINDS = ("reserved", "confirmed", "released")


def record(shop: Shop, chance: random.Random, *, units: int, clients: int, calls: int, ends: float = 0.55) -> History:
    """Run the clients; returns what each did and heard, and what the ledger says.

    `ends` is the share of calls that confirm or release a hold, once there is one.
    """
    sku = stock_of(shop, units)
    events: list[Event] = []
    held: list[engine.Reservation] = []
    seeds = [chance.randrange(2**32) for _ in range(clients)]
    clients_calls = [partial(_client, shop, sku, random.Random(seed), calls, ends, events, held) for seed in seeds]
    defects = raised(at_once(clients_calls))
    assert defects == [], defects
    movements = StockMovement.objects.filter(shop=shop, stock_item__sku=sku, kind__in=KINDS).order_by("position")
    rows = [Row(m.kind, str(m.reservation_id), abs(m.reserved_delta), m.at.timestamp()) for m in movements]
    return History(units, tuple(events), tuple(rows))


def _client(
    shop: Shop,
    sku: str,
    chance: random.Random,
    calls: int,
    ends: float,
    events: list[Event],
    held: list[engine.Reservation],
) -> None:
    """Run one client. All clients share the holds, so two may want to end the same one."""
    for _ in range(calls):
        if held and chance.random() < ends:
            one, verb = chance.choice(held), chance.choice(("confirm", "release", "release"))
            act = engine.confirm if verb == "confirm" else engine.release
            events.append(_timed(verb, one.quantity, one, partial(act, shop.pk, by_id(one)), held))
        else:
            quantity = chance.choice((1, 1, 2, 3))
            wish = partial(engine.reserve, shop.pk, [engine.Line(sku, quantity)])
            events.append(_timed("reserve", quantity, None, wish, held))


def _timed(
    verb: str,
    quantity: int,
    one: engine.Reservation | None,
    call: Callable[[], tuple[engine.Reservation, ...]],
    held: list[engine.Reservation],
) -> Event:
    begun, told = time.time(), "ok"
    try:
        (answered,) = call()
    except engine.EngineError as refusal:
        told = refusal.code
    ended = time.time()
    if told == "ok" and verb == "reserve":
        one = answered
        held.append(answered)
    return Event(verb, begun, ended, quantity, str(one.reservation_id) if one else None, told)
