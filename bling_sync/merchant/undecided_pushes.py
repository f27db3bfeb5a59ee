"""Pushes that only the merchant can decide, and the decision."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import chain

from django.db.models import QuerySet
from django.db.models.functions import Now
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from bling_sync.models import Mode, Push, PushKind, PushState
from bling_sync.outbox import call, decide
from reservations.merchant.frame.live_page import Context
from reservations.merchant.frame.merchant_page import action
from reservations.merchant.frame.visit import Visit
from reservations.models import Shop

from .late_request import refused

SHOWN = 50
# Bling imports orders within minutes; one that is not there after a day needs somebody to look.
NEVER_SEEN_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Question:
    """A push with what the merchant has to know. `if_booked`: Bling's balance if Bling has it and nothing else moved.

    `others`: sales that went to Bling in the same call, so that the answer decides about them too.
    """

    push: Push
    if_booked: Decimal | None
    others: int

    @property
    def may_be_sent(self) -> bool:
        """Whether sending it (again) can help: where Bling imports the orders, and without a product, it cannot."""
        return self.push.product_id is not None and self.push.mode != Mode.OBSERVE


def unknown(shop: Shop) -> QuerySet[Push]:
    """Lost answers that no evidence decides, each by the push that made the call."""
    rows = Push.objects.filter(shop=shop, state=PushState.UNKNOWN, escalated_at__isnull=False)
    return rows.filter(carried_by__isnull=True)


def failed(shop: Shop) -> QuerySet[Push]:
    """What Bling refuses."""
    return Push.objects.filter(shop=shop, state=PushState.FAILED)


def never_seen(shop: Shop) -> QuerySet[Push]:
    """Where Bling imports the orders: sales whose order is not there after a day."""
    old = Push.objects.filter(shop=shop, state=PushState.PENDING, created_at__lt=Now() - NEVER_SEEN_AFTER)
    return old.filter(mode=Mode.OBSERVE, kind=PushKind.SALE)


def questions(visit: Visit) -> Context:
    """The oldest of each kind, SHOWN in all."""
    kinds = (unknown, failed, never_seen)
    found = [kind(visit.shop).select_related("stock_item").order_by("pk")[: SHOWN + 1] for kind in kinds]
    pushes = list(chain.from_iterable(found))
    return {"questions": [_question(push) for push in pushes[:SHOWN]], "more": len(pushes) > SHOWN}


def _question(push: Push) -> Question:
    units = push.told_units if push.kind == PushKind.RETURN else -push.told_units
    others = call.carried(push).count() if push.carries else 0
    return Question(push, None if push.before_physical is None else push.before_physical + units, others)


@action
def decided(visit: Visit, pk: int) -> HttpResponse:
    """The merchant says whether it is in Bling; the push keeps who said so."""
    push = _meant(visit.shop, pk)
    if push is None:
        raise Http404
    say = _sayings().get(visit.request.POST.get("answer", ""))
    if say is None or (say is decide.send_again and not _question(push).may_be_sent):
        return refused(_("Say whether it is in Bling or not."))
    if not say(push, by=visit.actor):
        return refused(_("It was decided meanwhile."))
    return visit.done(_("Decided.") if say is decide.in_bling else _("It is sent again."))


def _meant(shop: Shop, pk: int) -> Push | None:
    rows: Sequence[QuerySet[Push]] = [kind(shop).filter(pk=pk) for kind in (unknown, failed, never_seen)]
    return next((push for kind in rows if (push := kind.first()) is not None), None)


def _sayings() -> dict[str, Callable[..., bool]]:
    return {"in_bling": decide.in_bling, "send_again": decide.send_again}
