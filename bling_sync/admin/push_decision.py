"""Asks a person about pushes that only a person can decide, and shows both readings."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bling_sync.models import Push
from reservations.admin import confirmation
from reservations.admin.cell_links import moment

if TYPE_CHECKING:
    from .push import PushAdmin


def decide_view(
    model_admin: "PushAdmin",
    request: HttpRequest,
    pushes: QuerySet[Push],
    *,
    action: str,
    words: tuple[str, str],
    decide: Callable[..., bool],
) -> HttpResponse | None:
    """Show the chosen pushes, and decide once confirmed; `words` are question and button. None: back to the list."""
    question, button = words
    chosen = confirmation.chosen(model_admin, request, pushes.select_related("stock_item", "shop"))
    if not chosen:
        return None
    if not confirmation.is_confirmed(request):
        rows = [(push.pk, _story(push)) for push in chosen]
        return confirmation.ask(model_admin, request, action=action, question=question, button=button, rows=rows)
    decided = [push for push in chosen if decide(push, by=request.user.get_username())]
    for push in decided:
        model_admin.log_change(request, push, button)
    text = ngettext("%(count)d push was decided.", "%(count)d pushes were decided.", len(decided))
    level = messages.SUCCESS if decided else messages.WARNING
    model_admin.message_user(request, text % {"count": len(decided)}, level)
    return None


def _story(push: Push) -> str:
    """The push in one line, with the balance before it and after."""
    line = f"{push.told_units} x {push.stock_item.sku} · {push.get_kind_display()} {push.order_id or push.key}"
    if push.before_physical is None or push.after_physical is None:
        return " · ".join(filter(None, [line, push.get_state_display(), push.error]))
    readings = {
        "before": _reading(push.before_physical, push.before_at),
        "after": _reading(push.after_physical, push.after_at),
    }
    return f"{line} · {_('Bling had %(before)s before and %(after)s after it') % readings}"


def _reading(balance: Decimal, at: datetime | None) -> str:
    return f"{balance.normalize():f} ({moment(at)})" if at else f"{balance.normalize():f}"
