"""Asking a person about pushes that only a person can settle, with both readings before them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bling_sync.models import Push

if TYPE_CHECKING:
    from .push import PushAdmin

MOST_AT_ONCE = 200


def decide_view(
    model_admin: "PushAdmin",
    request: HttpRequest,
    pushes: QuerySet[Push],
    *,
    action: str,
    words: tuple[str, str],
    decide: Callable[..., bool],
) -> HttpResponse | None:
    """Show what is to be decided, then decide; `words` are the question and the button. None: back to the list."""
    chosen = list(pushes.select_related("stock_item", "shop")[:MOST_AT_ONCE])
    if "confirmed" in request.POST:
        decided = [push for push in chosen if decide(push, by=request.user.get_username())]
        for push in decided:
            model_admin.log_change(request, push, words[1])
        text = ngettext("%(count)d push was decided.", "%(count)d pushes were decided.", len(decided))
        level = messages.SUCCESS if decided else messages.WARNING
        model_admin.message_user(request, text % {"count": len(decided)}, level)
        return None
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": words[1],
        "question": words[0],
        "rows": [_story(push) for push in chosen],
        "keys": [push.pk for push in chosen],
        "checkbox": ACTION_CHECKBOX_NAME,
        "action": action,
        "button": words[1],
    }
    return TemplateResponse(request, "admin/bazico/confirm.html", context)


def _story(push: Push) -> str:
    """The push in one line, with the balance before it and after."""
    line = f"{push.units} x {push.stock_item.sku} · {push.get_kind_display()} {push.order_id or push.key}"
    if push.before_physical is None or push.after_physical is None:
        return f"{line} · {push.error}"
    readings = {"before": f"{push.before_physical.normalize():f}", "after": f"{push.after_physical.normalize():f}"}
    return f"{line} · {_('Bling had %(before)s before and %(after)s after it') % readings}"
