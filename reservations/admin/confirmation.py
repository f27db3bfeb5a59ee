"""The question before an action: what it does, to which rows, and a button that says so."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

# As many as a person can judge at a glance, and fewer than the fields that Django takes in one form.
MOST_AT_ONCE = 200


def is_confirmed(request: HttpRequest) -> bool:
    """Whether the operator pressed the button."""
    return "confirmed" in request.POST


def chosen(
    model_admin: ModelAdmin, request: HttpRequest, rows: QuerySet[Any], *, most: int = MOST_AT_ONCE
) -> list[Any]:
    """The chosen rows. When there are more than `most`, say so and return none."""
    found = list(rows[: most + 1])
    if len(found) > most:
        model_admin.message_user(request, _("Choose at most %(most)d rows at once.") % {"most": most}, messages.ERROR)
        return []
    return found


def ask(
    model_admin: ModelAdmin,
    request: HttpRequest,
    *,
    action: str,
    question: str,
    button: str,
    rows: Iterable[tuple[object, str]],
    form: forms.Form | None = None,
) -> TemplateResponse:
    """The page that asks `question` about `rows` (key and line of each); its button sends the same action again."""
    listed = list(rows)
    context: dict[str, Any] = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": button,
        "question": question,
        "rows": [line for _key, line in listed],
        "keys": [key for key, _line in listed],
        "checkbox": ACTION_CHECKBOX_NAME,
        "action": action,
        "button": button,
        "form": form,
    }
    return TemplateResponse(request, "admin/bazico/confirm.html", context)
