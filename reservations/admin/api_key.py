"""API keys: an operator makes one, sees it once, limits, rotates and revokes it. Nobody can read it afterwards."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from reservations.api_keys import OVERLAP, issue_key, revoke_key, rotate_key
from reservations.models import ApiKey, Scope

from . import confirmation
from .base import BoundedAdmin
from .filters import RevokedFilter, ShopFilter
from .seen_shops import seen_by


class KeyForm(forms.ModelForm):
    """What an operator decides before making a key."""

    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("scopes"),
        choices=Scope.choices,
        initial=[Scope.ALL],
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("What the key may do. A server that only shows stock needs no more than read."),
    )

    class Meta:
        model = ApiKey
        fields = ("shop", "name", "scopes", "requests_per_minute")


@admin.register(ApiKey)
class ApiKeyAdmin(BoundedAdmin):
    """An operator makes, renames, limits, rotates and revokes keys; rows stay, so that the past keeps its names."""

    list_display = ("prefix", "name", "shop", "may", "last_used_at", "requests_per_minute", "ends_at", "revoked_at")
    list_select_related = ("shop",)
    list_filter = (RevokedFilter, ShopFilter)
    search_fields = ("prefix__startswith", "name__istartswith")
    ordering = ("-id",)
    fields = (
        *("shop", "prefix", "name", "may", "requests_per_minute"),
        *("created_at", "last_used_at", "ends_at", "revoked_at"),
    )
    # To change what a key may do is to make another.
    readonly_fields = ("shop", "prefix", "may", "created_at", "last_used_at", "ends_at", "revoked_at")
    actions = ("rotate", "revoke")

    @admin.display(description=gettext_lazy("scopes"))
    def may(self, key: ApiKey) -> str:
        """What it may do."""
        return ", ".join(key.scopes)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody deletes a key; an operator revokes it."""
        return False

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Make a key and show it in this very answer: it passes through no redirect, cookie, session or cache."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = KeyForm(request.POST or None)
        form.fields["shop"].queryset = seen_by(request.user)  # type: ignore[attr-defined]
        if not form.is_valid():
            return self._page(request, "admin/bazico/form.html", title=_("Make an API key"), form=form)
        values = form.cleaned_data
        issued = issue_key(
            values["shop"],
            name=values["name"],
            scopes=values["scopes"],
            requests_per_minute=values["requests_per_minute"],
        )
        self.log_addition(request, issued.key, [{"added": {}}])
        return self._page(request, "admin/bazico/issued.html", title=_("Your new API key"), issued=issued)

    @admin.action(description=gettext_lazy("Replace the selected API key by a new one"), permissions=["change"])
    def rotate(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> HttpResponse | None:
        """Ask, then make the new key and show it in this very answer; the old one ends a day later."""
        keys = confirmation.chosen(self, request, queryset.select_related("shop"), most=1)
        if not keys:
            return None
        if not self.has_add_permission(request):
            raise PermissionDenied
        (key,) = keys
        if not confirmation.is_confirmed(request):
            question = _(
                "A new key with the same scopes is made and shown once. The old one still works for %(hours)d h."
            )
            return confirmation.ask(
                self,
                request,
                action="rotate",
                question=question % {"hours": OVERLAP // timedelta(hours=1)},
                button=_("Replace API key"),
                rows=[(key.pk, f"{key} · {key.shop}")],
            )
        try:
            issued = rotate_key(key, OVERLAP)
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return None
        self.log_addition(request, issued.key, [{"added": {}}])
        self.log_change(request, key, _("Replaced by %(key)s.") % {"key": issued.key})
        return self._page(request, "admin/bazico/issued.html", title=_("Your new API key"), issued=issued)

    @admin.action(description=gettext_lazy("Revoke the selected API keys"), permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> HttpResponse | None:
        """Ask, then refuse these keys from now on."""
        keys = confirmation.chosen(self, request, queryset.select_related("shop"))
        if not keys:
            return None
        if not confirmation.is_confirmed(request):
            question = _("Servers that use these keys are refused within a second. This cannot be undone.")
            rows = [(key.pk, f"{key} · {key.shop}") for key in keys]
            return confirmation.ask(
                self, request, action="revoke", question=question, button=_("Revoke API keys"), rows=rows
            )
        revoked = [key for key in keys if revoke_key(key)]
        for key in revoked:
            self.log_change(request, key, _("Revoked."))
        text = ngettext("%(count)d API key was revoked.", "%(count)d API keys were revoked.", len(revoked))
        self.message_user(request, text % {"count": len(revoked)}, messages.SUCCESS)
        return None

    def _page(self, request: HttpRequest, template: str, **context: Any) -> TemplateResponse:
        common = {**self.admin_site.each_context(request), "opts": self.opts}
        return TemplateResponse(request, template, common | context)
