"""``/app/bling/differences/``: where Bling's figures were not what ours had led us to expect, why, and what to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.http import HttpResponse
from django.utils.translation import gettext as _

from bling_sync.models import Cause, Difference
from reservations.merchant.frame.live_page import Context, LivePage, Part
from reservations.merchant.frame.merchant_page import action, page
from reservations.merchant.frame.visit import Visit
from reservations.models import Shop

SHOWN = 50
FEW = 5
# What nobody looked at within a week is history.
FRESH = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Explained:
    """A difference in whole words: `units` with its sign, and what to do about it."""

    difference: Difference
    units: str
    advice: str
    to_look_at: bool


def to_look_at(shop: Shop) -> QuerySet[Difference]:
    """The differences that a person should see: unexplained ones, and those that leave promised units uncovered."""
    rows = _of(shop).filter(seen_at__gt=Now() - FRESH, resolved_at__isnull=True)
    return rows.filter(Q(cause=Cause.UNKNOWN) | Q(short__gt=0))


def newest(shop: Shop, number: int) -> Sequence[Explained]:
    """The newest, in words."""
    rows = _of(shop).select_related("stock_item").order_by("-seen_at", "-pk")
    return [_explained(one) for one in rows[:number]]


def _of(shop: Shop) -> QuerySet[Difference]:
    # Our own sales are none; processes of the release before may still have written them down during an upgrade.
    return Difference.objects.filter(shop=shop).exclude(cause=Cause.IN_FLIGHT)


def few(visit: Visit) -> Context:
    """The newest few, for the page of the connection."""
    return {"differences": newest(visit.shop, FEW), "waiting": to_look_at(visit.shop).count()}


def _list(visit: Visit) -> Context:
    found = newest(visit.shop, SHOWN + 1)
    return {"differences": found[:SHOWN], "more": len(found) > SHOWN, "waiting": to_look_at(visit.shop).count()}


_PAGE = LivePage("merchant/bling/differences.html", {"list": Part("merchant/bling/difference_list.html", _list)})


@page
def differences(visit: Visit) -> HttpResponse:
    """The newest first."""
    return _PAGE.answer(visit)


@action
def seen(visit: Visit) -> HttpResponse:
    """A person has looked at what waited."""
    to_look_at(visit.shop).update(resolved_at=Now())
    return visit.done(_("Marked as seen."))


def _explained(one: Difference) -> Explained:
    waits = one.resolved_at is None and (one.cause == Cause.UNKNOWN or one.short > 0)
    # normalize() drops zeros behind the comma, and `f` keeps 100 from becoming 1E+2.
    return Explained(one, f"{(one.bling - one.expected).normalize():+f}", _advice(one), waits)


def _advice(one: Difference) -> str:
    if one.short:
        return _("More is promised than there is: find the units, or settle it with the shoppers.")
    return {
        Cause.EDITED: _("Nothing to do if the count in Bling is right: the store follows it."),
        Cause.OTHER_CHANNEL: _("Nothing to do: the store sells what is left."),
        Cause.CANCELLED: _("Nothing to do: the units can be sold again."),
        Cause.UNKNOWN: _("Look at this product's movements in Bling: no notice explains the change."),
    }[Cause(one.cause)]
