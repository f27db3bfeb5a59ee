"""Mode `observe`: Bling imports the shop's orders by itself, and a sale has reached it when its order is there."""

import logging
from collections.abc import Iterable
from datetime import timedelta

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Least, Now

from bling_sync import account_setup
from bling_sync.errors import Refused
from bling_sync.models import Connection, Mode, Product, Push, PushEvidence, PushKind, PushState, WebhookEvent
from bling_sync.reconcile import reading_schedule
from bling_sync.resources import sales_orders
from plumbing import database_clock
from reservations.models import Reservation

logger = logging.getLogger(__name__)

FIRST_LOOK_SECONDS = 15
LONGEST_PAUSE_SECONDS = 600
# How often we look at a found order again, because somebody may cancel it there; most are invoiced within days.
LOOKED_AT_AGAIN = timedelta(minutes=30)
WATCHED = timedelta(days=30)
GID = "gid://shopify/Order/"


def look_for_orders(known: Connection) -> int:
    """Look for the orders of the sales that are due; returns how many sales these were. Raises BlingError."""
    sales = list(_due(known.shop_id)[: sales_orders.NUMBERS_PER_CALL])
    if not sales:
        return 0
    names = {push.pk: spellings(_order_of(push)) for push in sales}
    wanted = sorted({name for known_as in names.values() for name in known_as})
    # A sale may go by two names, so the names may need more than one call.
    found: dict[str, list[sales_orders.BlingOrder]] = {}
    for start in range(0, len(wanted), sales_orders.NUMBERS_PER_CALL):
        for order in sales_orders.find(
            account_setup.bling_of(known), wanted[start : start + sales_orders.NUMBERS_PER_CALL]
        ):
            found.setdefault(order.store_number, []).append(order)
    for push in sales:
        _judge(known, push, [order for name in names[push.pk] for order in found.get(name, [])])
    return len(sales)


def spellings(order_id: str) -> list[str]:
    """How Bling may call a Shopify order: its numeric id, or its name with and without the sign before it."""
    plain = order_id.removeprefix(GID).strip()
    if not plain:
        return []
    return [plain, plain.removeprefix("#")] if plain.startswith("#") else [plain]


def hasten_orders(shop_id: int, store_numbers: Iterable[str], order_ids: Iterable[int]) -> None:
    """Make the sales of these orders due now, because Bling says that the orders changed."""
    names = [name for number in store_numbers if number for name in (number, f"#{number}", f"{GID}{number}")]
    rows = Push.objects.filter(shop_id=shop_id, mode=Mode.OBSERVE, kind=PushKind.SALE)
    rows.filter(Q(order_id__in=names) | Q(bling_order_id__in=list(order_ids))).exclude(
        state=PushState.CANCELLED
    ).update(next_attempt_at=Least("next_attempt_at", Now()))


def _due(shop_id: int) -> QuerySet[Push]:
    rows = Push.objects.filter(shop_id=shop_id, mode=Mode.OBSERVE, kind=PushKind.SALE, next_attempt_at__lte=Now())
    # A settled sale that has left the shelf stays settled; one that was only reserved may yet be booked or cancelled.
    watched = Q(state=PushState.SETTLED, by_reservation=True, created_at__gt=Now() - WATCHED)
    return rows.filter(Q(state__in=(PushState.PENDING, PushState.SENT)) | watched).order_by("next_attempt_at", "pk")


def _order_of(push: Push) -> str:
    """The order's id, which a sale without it may have learned since."""
    if not push.order_id:
        known = Reservation.objects.filter(shop_id=push.shop_id, pk=push.reservation_id)
        push.order_id = known.values_list("order_id", flat=True).first() or ""
        if push.order_id:
            Push.objects.filter(pk=push.pk, shop_id=push.shop_id).update(order_id=push.order_id)
    return push.order_id


def _judge(known: Connection, push: Push, found: list[sales_orders.BlingOrder]) -> None:
    alive = [order for order in found if not order.is_cancelled]
    if alive:
        _found(known, push, alive[0])
    elif push.state != PushState.PENDING:
        _gone(push)
    else:
        cancelled = "the order is cancelled in Bling" if found else ""
        _later(push, _pause(push), error=cancelled, attempts=F("attempts") + 1)


def _found(known: Connection, push: Push, order: sales_orders.BlingOrder) -> None:
    """Note that the order is there, and whether its units left the shelf or are only reserved."""
    by_reservation = not _has_left(known, push, order)
    facts = {"bling_order_id": order.id, "situation": order.situation, "by_reservation": by_reservation, "error": ""}
    now = database_clock.now()
    if push.state == PushState.PENDING:
        _later(push, LOOKED_AT_AGAIN, state=PushState.SENT, effect_at=now, evidence=PushEvidence.ORDER, **facts)
        reading_schedule.request_read(push.shop_id, push.product_id, now)
    elif push.by_reservation and not by_reservation:
        # It has just been booked out: the next reading shows whether the virtual balance kept the units.
        _leaves_the_base(push)
        _later(push, LOOKED_AT_AGAIN, state=PushState.SENT, effect_at=now, ended_at=None, **facts)
        reading_schedule.request_read(push.shop_id, push.product_id, now)
    else:
        _later(push, LOOKED_AT_AGAIN, **{**facts, "by_reservation": push.by_reservation})


def _has_left(known: Connection, push: Push, order: sales_orders.BlingOrder) -> bool:
    """Whether the order's units were booked out: it is invoiced, or an event shows just that."""
    if order.situation is None or order.situation in sales_orders.RESERVING:
        return False
    try:
        if sales_orders.detail(account_setup.bling_of(known), order.id).invoiced:
            return True
    except Refused:
        # Without its details an order has not left: the units stay in flight, which sells nothing twice.
        return False
    return _match_booking(push)


def _match_booking(push: Push) -> bool:
    product = Product.objects.filter(pk=push.product_id or 0, shop_id=push.shop_id).first()
    if product is None:
        return False
    # The event becomes this push's, so that no other push counts it as its own.
    events = WebhookEvent.objects.filter(shop_id=push.shop_id, product_id=product.bling_id, claimed_by__isnull=True)
    event = events.filter(operation="S", quantity=push.units, received_at__gte=push.created_at).order_by("pk").first()
    if event is None:
        return False
    return bool(events.filter(pk=event.pk).update(claimed_by=push.pk))


def _gone(push: Push) -> None:
    """The order that was there is cancelled or deleted: its units count as in flight once more."""
    logger.warning("bling: shop %s: the order of push %s is gone from Bling", push.shop_id, push.key)
    _leaves_the_base(push)
    _later(
        push,
        _pause(push),
        state=PushState.PENDING,
        effect_at=None,
        ended_at=None,
        by_reservation=False,
        evidence="",
        error="the order was cancelled in Bling",
    )
    reading_schedule.request_by(push.shop_id, push.product_id, database_clock.now())


def _leaves_the_base(push: Push) -> None:
    """What the base contains of a settled push, a reading has to show anew."""
    if push.state == PushState.SETTLED:
        rows = Product.objects.filter(pk=push.product_id or 0, shop_id=push.shop_id, base_virtual__isnull=False)
        rows.update(base_virtual=F("base_virtual") + push.units, base_physical=F("base_physical") + push.units)


def _pause(push: Push) -> timedelta:
    return timedelta(seconds=min(LONGEST_PAUSE_SECONDS, FIRST_LOOK_SECONDS * 2 ** min(push.attempts, 8)))


def _later(push: Push, pause: timedelta, **changes: object) -> None:
    # Only from the state that we judged: the merchant may have decided while we asked Bling.
    rows = Push.objects.filter(pk=push.pk, shop_id=push.shop_id, state=push.state)
    rows.update(next_attempt_at=Now() + pause, **changes)
