"""A merchant's actions on paid items without a unit. The engine carries them out, and the ledger names the person."""

from collections.abc import Callable, Sequence

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plumbing.whole_number import whole_number
from reservations import engine
from reservations.merchant.frame.merchant_page import action
from reservations.merchant.frame.visit import Visit
from reservations.models import Shortfall

from .shortfall_rows import SHOWN
from .shortfalls_page import page_with

LONGEST_REASON = 255
_INVALID = 422


@action
def use_free_units(visit: Visit, pk: int) -> HttpResponse:
    """Give a shortfall the units that are free, whosever turn it is."""
    one = Shortfall.objects.filter(shop=visit.shop, pk=pk).select_related("stock_item").first()
    if one is None:
        raise Http404
    try:
        units = engine.rescue_by_hand(visit.shop.pk, one.order_id, one.stock_item.sku, by=visit.actor)
    except engine.EngineError as refusal:
        return _refused(visit, refusal)
    if not units:
        return visit.done(_("No unit is free any more, or nothing is missing."))
    text = ngettext("%(count)d unit is the order's now.", "%(count)d units are the order's now.", units)
    return visit.done(text % {"count": units})


@action
def decide(visit: Visit) -> HttpResponse:
    """Do one thing to all the chosen shortfalls: resolve them, keep their orders out of the queue, or let them in."""
    chosen, wanted = _chosen(visit), visit.request.POST.get("do", "")
    reason = visit.request.POST.get("reason", "").replace("\x00", "").strip()
    errors = {}
    if not chosen:
        errors["choice"] = _("Choose at least one item.")
    if wanted == "resolve" and (not reason or len(reason) > LONGEST_REASON):
        errors["reason"] = _("Say in up to %(most)d characters how it was settled.") % {"most": LONGEST_REASON}
    # All errors at once, and what was typed stays in its fields: a person corrects one form, once.
    if errors or wanted not in _DEEDS:
        typed = {"reason": reason[:LONGEST_REASON], "do": wanted, "chosen": {one.pk for one in chosen}}
        return page_with(visit, {**typed, "errors": errors}, _INVALID)
    try:
        return visit.done(_DEEDS[wanted](visit, chosen, reason))
    except engine.EngineError as refusal:
        return _refused(visit, refusal)


def _chosen(visit: Visit) -> Sequence[Shortfall]:
    """The shortfalls of this shop that the form names, the oldest payment first; no more than a page shows."""
    keys = [key for text in visit.request.POST.getlist("chosen")[:SHOWN] if (key := whole_number(text)) is not None]
    return list(
        Shortfall.objects.filter(shop=visit.shop, pk__in=keys).select_related("stock_item").order_by("paid_at", "pk")
    )


def _resolve(visit: Visit, chosen: Sequence[Shortfall], reason: str) -> str:
    done = sum(
        engine.resolve_shortfall(visit.shop.pk, one.order_id, one.stock_item.sku, by=visit.actor, reason=reason)
        for one in chosen
    )
    text = ngettext("%(count)d item was settled.", "%(count)d items were settled.", done)
    return text % {"count": done} if done else _("It was settled already.")


def _keep_out(visit: Visit, chosen: Sequence[Shortfall], _reason: str) -> str:
    done = sum(engine.keep_out(visit.shop.pk, order_id, by=visit.actor) for order_id in _orders(chosen))
    text = ngettext("%(count)d order is out of the queue.", "%(count)d orders are out of the queue.", done)
    return text % {"count": done}


def _let_in(visit: Visit, chosen: Sequence[Shortfall], _reason: str) -> str:
    done = sum(engine.let_in(visit.shop.pk, order_id) for order_id in _orders(chosen))
    text = ngettext("%(count)d order is in the queue again.", "%(count)d orders are in the queue again.", done)
    return text % {"count": done}


def _orders(chosen: Sequence[Shortfall]) -> list[str]:
    return list(dict.fromkeys(one.order_id for one in chosen))


_DEEDS: dict[str, Callable[[Visit, Sequence[Shortfall], str], str]] = {
    "resolve": _resolve,
    "keep_out": _keep_out,
    "let_in": _let_in,
}


def _refused(visit: Visit, refusal: engine.EngineError) -> HttpResponse:
    if isinstance(refusal, engine.OutcomeUnknown):
        said = _("It is not known whether this was done. Reload the page to see.")
    else:
        said = _("The stock is busy or away for the moment. What was not done yet can be tried again shortly.")
    response = visit.done(said)
    response.status_code = refusal.status
    return response
