"""An operator releases or extends holds. Each goes by itself, so one that has ended does not stop the others."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from reservations import engine
from reservations.models import Reservation
from reservations.shopify.orders import time_to_pay

from . import confirmation

if TYPE_CHECKING:
    from .reservation import ReservationAdmin

MOST_REFUSALS_SHOWN = 5
# With the operator's name (at most 150 characters) it fits into the ledger's reference of 255.
LONGEST_REASON = 90


class ReasonForm(forms.Form):
    """Why the operator gives the units back."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=LONGEST_REASON)


def release_view(
    model_admin: "ReservationAdmin", request: HttpRequest, holds: QuerySet[Reservation]
) -> HttpResponse | None:
    """Ask for the reason, then release; None sends the admin back to its list."""
    chosen = confirmation.chosen(model_admin, request, holds.select_related("stock_item", "shop"))
    form = ReasonForm(request.POST if confirmation.is_confirmed(request) else None)
    if not chosen:
        return None
    if not form.is_valid():
        question = _("The units go back on sale at once. A buyer who is about to pay may find none left.")
        return confirmation.ask(
            model_admin,
            request,
            action="release",
            question=question,
            button=_("Release reservations"),
            rows=[(hold.pk, _line(hold)) for hold in chosen],
            form=form,
        )
    reason = form.cleaned_data["reason"]
    noted = f"{reason} (admin: {request.user.get_username()})"
    released = _each(model_admin, request, chosen, partial(time_to_pay.release, reason=noted))
    for hold in released:
        model_admin.log_change(request, hold, _("Released: %(reason)s") % {"reason": reason})
    text = ngettext("%(count)d reservation was released.", "%(count)d reservations were released.", len(released))
    _say(model_admin, request, text, len(released))
    return None


def extend_view(
    model_admin: "ReservationAdmin", request: HttpRequest, holds: QuerySet[Reservation]
) -> HttpResponse | None:
    """Ask, then extend each by one term, within its shop's ceiling; None sends the admin back to its list."""
    chosen = confirmation.chosen(model_admin, request, holds.select_related("stock_item", "shop"))
    if not chosen:
        return None
    if not confirmation.is_confirmed(request):
        question = _("Each lives one hold longer, up to its ceiling. One that is dead stays dead. The ledger says who.")
        rows = [(hold.pk, _line(hold)) for hold in chosen]
        button = _("Extend reservations")
        return confirmation.ask(model_admin, request, action="extend", question=question, button=button, rows=rows)
    by, terms = f"admin: {request.user.get_username()}", {hold.pk: hold.shop.hold_seconds for hold in chosen}

    def extend(shop: int, pk: UUID) -> None:
        time_to_pay.extend(shop, pk, by=by, more=timedelta(seconds=terms[pk]))

    extended = _each(model_admin, request, chosen, extend)
    for hold in extended:
        model_admin.log_change(request, hold, _("Extended."))
    text = ngettext("%(count)d reservation was extended.", "%(count)d reservations were extended.", len(extended))
    _say(model_admin, request, text, len(extended))
    return None


def _each(
    model_admin: "ReservationAdmin",
    request: HttpRequest,
    holds: list[Reservation],
    act: Callable[[int, UUID], object],
) -> list[Reservation]:
    """Do `act` to each hold by itself and show the first refusals. Returns the holds on which it succeeded."""
    done, refusals = [], []
    for hold in holds:
        try:
            act(hold.shop_id, hold.pk)
        except engine.EngineError as error:
            refusals.append(error.detail(get_language() or "pt-br"))
        else:
            done.append(hold)
    for refusal in refusals[:MOST_REFUSALS_SHOWN]:
        model_admin.message_user(request, refusal, messages.WARNING)
    return done


def _say(model_admin: "ReservationAdmin", request: HttpRequest, text: str, count: int) -> None:
    model_admin.message_user(request, text % {"count": count}, messages.SUCCESS if count else messages.WARNING)


def _line(hold: Reservation) -> str:
    return f"{hold.quantity} x {hold.stock_item.sku} · {hold.shop} · {hold.pk}"
