"""The page."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from reservations.admin.seen_shops import seen_by

from .sections import sections
from .trail import follow


class WhereForm(forms.Form):
    """What was pasted. It refuses what no table can hold: NUL, and more than 300 characters."""

    q = forms.CharField(max_length=300, required=False)


def where_view(request: HttpRequest) -> HttpResponse:
    """Everything that is linked to the text, by table, as far as this member of staff may see it."""
    form = WhereForm(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    trail = follow(text, seen_by(request.user))
    found: list[dict[str, Any]] = []
    for known in sections() if trail.text else ():
        rows = known.lines(trail) if known.may_be_seen(request) else []
        if rows:
            found.append({"name": known.model._meta.verbose_name_plural, "rows": rows})
    context = {**admin.site.each_context(request), "title": _("Where is ...?"), "q": trail.text, "found": found}
    return TemplateResponse(request, "admin/bazico/where.html", context)
