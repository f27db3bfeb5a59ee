"""The pages between the password and the admin: set up the second factor once, then prove it at each sign-in."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from plumbing.encryption import DecryptionFailed, decrypt, encrypt

from . import failures, known_browser, limits, second_factor
from .failures import TooManyFailures
from .models import sealed_for
from .sign_in import too_many

# Where the secret waits until the person has shown that the app has it: in the session of this browser alone.
_PENDING = "second_factor_pending"


class CodeForm(forms.Form):
    """One code."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True}),
    )


@never_cache
@sensitive_post_parameters()
def prove(request: HttpRequest) -> HttpResponse:
    """Ask for a code of the person's app, or a recovery code; who has no app yet is sent to set one up."""
    if (elsewhere := _elsewhere(request)) is not None:
        return elsewhere
    user: Any = request.user
    if second_factor.app_of(user) is None:
        return HttpResponseRedirect(_with_next(request, "admin:second_factor_set_up"))
    form = CodeForm(request.POST or None)
    if form.is_valid() and _is_right(request, form):
        return _let_in(request)
    return _page(request, "second_factor.html", title=_("Second factor"), form=form)


@never_cache
@sensitive_post_parameters()
def set_up(request: HttpRequest) -> HttpResponse:
    """Show the secret of a new app; once a code proves that the app has it, keep it and show the recovery codes."""
    if (elsewhere := _elsewhere(request)) is not None:
        return elsewhere
    user: Any = request.user
    if second_factor.app_of(user) is not None:
        return HttpResponseRedirect(_with_next(request, "admin:second_factor"))
    key, form = _pending_key(request), CodeForm(request.POST or None)
    if form.is_valid():
        codes = second_factor.set_up(user, key, form.cleaned_data["code"])
        if codes is not None:
            return _recovery_codes(request, codes)
        form.add_error("code", _wrong())
    name = user.get_username()
    context = {"qr_code": second_factor.qr_code(key, name), "key": _in_groups(key), "form": form}
    return _page(request, "second_factor_set_up.html", title=_("Set up the second factor"), **context)


def where_to(request: HttpRequest) -> str:
    """The address of the step that a person with a right password takes next."""
    return _with_next(request, "admin:second_factor")


def _elsewhere(request: HttpRequest) -> HttpResponse | None:
    """Whoever has no business here is sent on: strangers to the password, those who are through to the admin."""
    if not (request.user.is_active and request.user.is_staff):
        return redirect_to_login(request.get_full_path(), reverse("admin:login"))
    return HttpResponseRedirect(_next(request)) if second_factor.is_proven(request) else None


def _is_right(request: HttpRequest, form: CodeForm) -> bool:
    """Whether the form's code proves the second factor: the session notes it then, else the form says why not."""
    user: Any = request.user
    code = form.cleaned_data["code"]
    recovers = second_factor.is_recovery_code(code)
    try:
        # Nobody guesses a recovery code, and it is the way in for whom somebody's guesses keep out.
        noted = failures.begin([] if recovers else limits.of_code(request, user.get_username()))
    except TooManyFailures as refused:
        form.add_error(None, too_many(refused.seconds))
        return False
    app = second_factor.proven_by(user, code)
    if app is None:
        form.add_error("code", _wrong())
        return False
    failures.strike_out(noted)
    second_factor.prove(request, app)
    if recovers:
        left = user.recovery_codes.count()
        text = ngettext("%(count)d recovery code is left.", "%(count)d recovery codes are left.", left)
        messages.warning(request, text % {"count": left})
    return True


def _let_in(request: HttpRequest) -> HttpResponse:
    answer = HttpResponseRedirect(_next(request))
    user: Any = request.user
    known_browser.remember(answer, user.get_username(), reverse("admin:index"))
    return answer


def _recovery_codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    """The codes in this very answer: they pass through no redirect, cookie, session or cache."""
    user: Any = request.user
    app = second_factor.app_of(user)
    assert app is not None
    request.session.pop(_PENDING, None)
    second_factor.prove(request, app)
    page = _page(request, "recovery_codes.html", title=_("Your recovery codes"), codes=codes)
    known_browser.remember(page, user.get_username(), reverse("admin:index"))
    return page


def _pending_key(request: HttpRequest) -> str:
    """The secret that this session sets up, the same at each load, so that a second tab spoils nothing."""
    user: Any = request.user
    owner = sealed_for(user.pk)
    try:
        return decrypt(str(request.session.get(_PENDING, "")), owner=owner)
    except DecryptionFailed:
        key = second_factor.new_key()
        request.session[_PENDING] = encrypt(key, owner=owner)
        return key


def _page(request: HttpRequest, template: str, **context: Any) -> TemplateResponse:
    common = {**admin.site.each_context(request), "next": _next(request)}
    return TemplateResponse(request, f"admin/bazico/{template}", common | context)


def _next(request: HttpRequest) -> str:
    """Where the person wanted to go, as long as that is on this host."""
    wanted = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME) or ""
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if wanted and is_ours else reverse("admin:index")


def _with_next(request: HttpRequest, page: str) -> str:
    return f"{reverse(page)}?{urlencode({REDIRECT_FIELD_NAME: _next(request)})}"


def _wrong() -> str:
    return _("This code is not right, or it was used before. The app shows a new one every 30 seconds.")


def _in_groups(key: str) -> str:
    return " ".join(key[place : place + 4] for place in range(0, len(key), 4))
