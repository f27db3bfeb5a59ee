"""Gathers what Bling shows of a lost answer, at each reading, and carries out the verdict."""

import logging
from datetime import datetime
from decimal import Decimal

from bling_sync import durations
from bling_sync.models import Connection, Mode, Product, Push, PushEvidence, PushKind, PushState
from bling_sync.reconcile import reading_schedule
from plumbing import database_clock, sql

from . import call, outcome, verdict

logger = logging.getLogger(__name__)

# What our pushes moved since the anchor, signed as it moves the balance. The bound on `sending_at` keeps
# the scan to the recent end of its index.
_OURS = """
SELECT coalesce(sum((quantity - cancelled) * CASE kind WHEN 'sale' THEN -1 ELSE 1 END), 0)
FROM bling_sync_push
WHERE shop_id = %s AND product_id = %s AND mode <> 'observe' AND state IN ('sent', 'settled') AND effect_at > %s
    AND sending_at > %s::timestamptz - interval '1 day'
"""
# Events of this product in this deposit that match no push of ours. A late one with an older date (where we can trust
# it) happened before the push. Whoever did the same a little earlier may have done it again, so those ten minutes count
# too as soon as one event could be ours.
_ALIKE = """
SELECT count(*) FILTER (WHERE received_at >= %(sent)s AND NOT (
        abs(extract(epoch FROM received_at - happened_at)) < 3600
        AND happened_at < %(sent)s::timestamptz - interval '5 seconds')),
    count(*)
FROM bling_sync_webhookevent
WHERE shop_id = %(shop)s AND product_id = %(product)s AND claimed_by IS NULL AND operation = %(operation)s
    AND quantity = %(units)s AND (deposit_id IS NULL OR deposit_id = %(deposit)s)
    AND received_at > %(sent)s::timestamptz - interval '10 minutes'
"""
# What others moved since the anchor. A "B" sets the balance, after which no sum of outs (S) and ins (E) explains it.
_OTHERS = """
SELECT count(*), count(*) FILTER (WHERE operation = 'B'),
    coalesce(sum(CASE operation WHEN 'S' THEN -quantity WHEN 'E' THEN quantity END), 0)
FROM bling_sync_webhookevent
WHERE shop_id = %s AND product_id = %s AND claimed_by IS NULL AND operation <> '' AND received_at > %s
    AND (deposit_id IS NULL OR deposit_id = %s)
"""
# Another shop of ours on the same company: its movements of this product look like ours, and are no push of this shop.
_SHARED = """
SELECT EXISTS (SELECT 1 FROM bling_sync_connection AS c
    JOIN bling_sync_product AS q ON q.shop_id = c.shop_id AND q.bling_id = %(product)s
    JOIN bling_sync_push AS p ON p.shop_id = q.shop_id AND p.product_id = q.id
    WHERE c.company_id = %(company)s AND c.company_id <> '' AND c.shop_id <> %(shop)s AND p.mode <> 'observe'
        AND p.sending_at > %(since)s::timestamptz - interval '10 minutes')
"""
# Where no event at all has come lately, the lack of one for this push says nothing.
_EVENTS_ARRIVE = """
SELECT EXISTS (SELECT 1 FROM bling_sync_webhookevent
    WHERE shop_id = %s AND received_at > %s::timestamptz - interval '30 minutes' AND operation <> '')
"""


def waiting(shop_id: int, product_id: int) -> Push | None:
    """The push of this product whose call's answer was lost and that nobody has judged yet; there is at most one."""
    rows = Push.objects.filter(shop_id=shop_id, product_id=product_id, state=PushState.UNKNOWN)
    return rows.filter(escalated_at__isnull=True, carried_by__isnull=True).select_related("product").first()


def resolve(known: Connection, push: Push, product: Product) -> None:
    """Judge a lost answer by the reading that `product` now has, and act on it."""
    if product.read_started_at is None or push.unknown_at is None:
        return
    if push.mode == Mode.ORDER and push.kind == PushKind.SALE and push.bling_order_id is None:
        # It has a key: `order_keys` asks Bling for that instead.
        return
    evidence = gather(known, push, product)
    found = verdict.judge(evidence)
    if found is verdict.Verdict.TOO_EARLY:
        return
    logger.info("bling: shop %s: push %s: %s", push.shop_id, push.key, found.value)
    _carry_out(push, product, found, had_by=push.unknown_at if evidence.is_late else None)


def gather(known: Connection, push: Push, product: Product) -> verdict.Evidence:
    """The evidence as it stands in the database."""
    events, sets, net = _others(known, push, product)
    assert product.read_started_at is not None
    assert push.unknown_at is not None
    return verdict.Evidence(
        push=Decimal(-push.told_units if push.kind == PushKind.SALE else push.told_units),
        moved=_moved(push, product),
        alike=_alike(known, push, product),
        others=None if sets else net,
        has_others=events > 0,
        is_shared=_is_shared(known, push, product),
        events_arrive=bool(sql.one_row(_EVENTS_ARRIVE, [push.shop_id, push.sending_at])[0]),
        is_late=product.read_started_at >= push.unknown_at + durations.grace(),
    )


def _moved(push: Push, product: Product) -> Decimal | None:
    """How the balance differs from the anchor, less what our other pushes moved; None without an anchor before it."""
    if product.anchor_at is None or product.anchor_physical is None or product.physical is None:
        return None
    # An anchor read after the call began may show the push already, and the difference would not.
    if push.sending_at is None or product.anchor_at >= push.sending_at:
        return None
    ours = Decimal(sql.one_row(_OURS, [push.shop_id, product.pk, product.anchor_at, product.anchor_at])[0])
    return product.physical - product.anchor_physical - ours


def _alike(known: Connection, push: Push, product: Product) -> int:
    operation = "S" if push.kind == PushKind.SALE else "E"
    facts = {"shop": push.shop_id, "product": product.bling_id, "operation": operation, "units": push.told_units}
    candidates, neighbours = sql.one_row(_ALIKE, {**facts, "deposit": known.deposit_id, "sent": push.sending_at})
    return int(neighbours) if candidates else 0


def _others(known: Connection, push: Push, product: Product) -> tuple[int, int, Decimal]:
    since = product.anchor_at or push.sending_at
    events, sets, net = sql.one_row(_OTHERS, [push.shop_id, product.bling_id, since, known.deposit_id])
    return int(events), int(sets), Decimal(net)


def _is_shared(known: Connection, push: Push, product: Product) -> bool:
    facts = {"product": product.bling_id, "company": known.company_id, "shop": push.shop_id}
    return bool(sql.one_row(_SHARED, {**facts, "since": product.anchor_at or push.sending_at})[0])


def _carry_out(push: Push, product: Product, found: verdict.Verdict, *, had_by: datetime | None) -> None:
    """`had_by`: when Bling had it at the latest, if it was applied; None: now."""
    if found is verdict.Verdict.NOT_APPLIED:
        outcome.not_applied(push, "the answer was lost; the balances show that nothing was booked", retry_after=0)
    elif found is verdict.Verdict.UNCLEAR:
        _ask_the_merchant(push, product)
        return
    else:
        by_event = found is verdict.Verdict.APPLIED_BY_EVENT
        outcome.sent(push, PushEvidence.WEBHOOK if by_event else PushEvidence.BALANCE, effect_at=had_by)
    reading_schedule.request_by(push.shop_id, product.pk, database_clock.now())


def _ask_the_merchant(push: Push, product: Product) -> None:
    rows = Push.objects.filter(pk=push.pk, shop_id=push.shop_id, state=PushState.UNKNOWN, attempts=push.attempts)
    call.write(
        push,
        rows,
        escalated_at=database_clock.now(),
        before_physical=product.anchor_physical,
        before_at=product.anchor_at,
        after_physical=product.physical,
        after_at=product.read_started_at,
    )
