"""Releasing holds by hand: with a reason, one by one, so that one that has ended does not stand in the others' way."""

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from reservations import engine
from reservations.models import Reservation

if TYPE_CHECKING:
    from .reservation import ReservationAdmin

MOST_AT_ONCE = 200
MOST_REFUSALS_SHOWN = 5
# With the name of who released (at most 150 characters) it fits into the ledger's reference of 255.
LONGEST_REASON = 90


class ReasonForm(forms.Form):
    """Why the units are given back."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=LONGEST_REASON)


def release_view(
    model_admin: "ReservationAdmin", request: HttpRequest, holds: QuerySet[Reservation]
) -> HttpResponse | None:
    """Ask for the reason, then release; None sends the admin back to its list."""
    chosen = list(holds.select_related("stock_item", "shop")[: MOST_AT_ONCE + 1])
    if len(chosen) > MOST_AT_ONCE:
        text = _("Release at most %(most)d reservations at once.") % {"most": MOST_AT_ONCE}
        model_admin.message_user(request, text, messages.ERROR)
        return None
    form = ReasonForm(request.POST if "confirmed" in request.POST else None)
    if form.is_valid():
        _release(model_admin, request, chosen, form.cleaned_data["reason"])
        return None
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("Release reservations"),
        "question": _("The units go back on sale at once. A buyer who is about to pay may find none left."),
        "rows": [f"{hold.quantity} x {hold.stock_item.sku} · {hold.shop} · {hold.pk}" for hold in chosen],
        "keys": [hold.pk for hold in chosen],
        "checkbox": ACTION_CHECKBOX_NAME,
        "action": "release",
        "button": _("Release"),
        "form": form,
    }
    return TemplateResponse(request, "admin/bazico/confirm.html", context)


def _release(model_admin: "ReservationAdmin", request: HttpRequest, holds: list[Reservation], reason: str) -> None:
    released, refusals = 0, []
    for hold in holds:
        try:
            engine.release(
                hold.shop_id, engine.ByIds((hold.pk,)), reason=f"{reason} (admin: {request.user.get_username()})"
            )
        except engine.EngineError as error:
            refusals.append(error.detail(get_language() or "pt-br"))
        else:
            released += 1
            model_admin.log_change(request, hold, _("Released: %(reason)s") % {"reason": reason})
    text = ngettext("%(count)d reservation was released.", "%(count)d reservations were released.", released)
    model_admin.message_user(request, text % {"count": released}, messages.SUCCESS if released else messages.WARNING)
    for refusal in refusals[:MOST_REFUSALS_SHOWN]:
        model_admin.message_user(request, refusal, messages.WARNING)
