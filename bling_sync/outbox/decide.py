"""Carries out the merchant's decision about a push that only a person can decide."""

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from bling_sync.models import Push, PushEvidence, PushState
from bling_sync.reconcile import reading_schedule
from plumbing import database_clock

from . import call

# A lost answer, or a refusal, or (where Bling imports orders) a sale whose order nobody finds.
_OPEN = Q(state=PushState.UNKNOWN) | Q(state=PushState.FAILED) | Q(state__in=("pending", "sent"), mode="observe")


def in_bling(push: Push, *, by: str) -> bool:
    """It is in Bling, whoever put it there. Returns False when it was decided meanwhile."""
    push = _of_the_call(push)
    with transaction.atomic():
        now = database_clock.now()
        # A lost answer that was applied was applied when it was lost; anything else may have been booked just now.
        effect_at = push.unknown_at if push.state == PushState.UNKNOWN and push.unknown_at else now
        decided = call.write(
            push,
            _open(push),
            state=PushState.SENT,
            effect_at=effect_at,
            by_reservation=False,
            evidence=PushEvidence.MERCHANT,
            escalated_at=None,
            error=f"decided by {by}"[:500],
        )
        reading_schedule.request_after_change(push.shop_id, push.product_id, now)
    return decided


def send_again(push: Push, *, by: str) -> bool:
    """It is not in Bling: send it. Returns False when it was decided meanwhile."""
    push = _of_the_call(push)
    return call.write_apart(
        push,
        _open(push),
        state=PushState.PENDING,
        next_attempt_at=Now(),
        unknown_at=None,
        escalated_at=None,
        error=f"decided by {by}"[:500],
    )


def _of_the_call(push: Push) -> Push:
    """The push whose call carried this one: to decide about one sale of a call is to decide about all."""
    if push.carried_by is None:
        return push
    return Push.objects.filter(shop_id=push.shop_id, pk=push.carried_by).first() or push


def _open(push: Push) -> QuerySet[Push]:
    rows = Push.objects.filter(_OPEN, pk=push.pk, shop_id=push.shop_id)
    return rows.filter(state=push.state, attempts=push.attempts)
