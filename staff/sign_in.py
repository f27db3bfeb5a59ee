"""The form with name and password. It limits how often anybody can guess, and a stranger's guesses lock nobody out.

A browser that a person has signed in with has failures of its own. Any other counts for its address and for the name;
while a name has too many, whoever has set up a second factor still gets in with password and code at once.
"""

from typing import Any

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import failures, limits, second_factor
from .failures import TooManyFailures
from .models import AuthenticatorApp, SignInFailure


class SignInForm(AdminAuthenticationForm):
    """Name and password, and a code where a stranger's guesses stand in the way."""

    code = forms.CharField(
        label=gettext_lazy("Code of your authenticator app"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}),
    )
    # Whether the page shows the field for the code.
    asks_code = False

    def clean(self) -> dict[str, Any]:
        """Check name and password. Raises ValidationError, which after too many failures says when to try again."""
        name = self.cleaned_data.get("username")
        if not name or self.request is None:
            return super().clean()
        try:
            noted, app = self._begin(self.request, name)
        except TooManyFailures as refused:
            raise too_many(refused.seconds) from refused
        cleaned = super().clean()
        failures.strike_out(noted)
        if app is not None:
            # Django's sign-in takes it from here into the session (django_otp).
            self.get_user().otp_device = app  # type: ignore[attr-defined]
        return cleaned

    def _begin(self, request: HttpRequest, name: str) -> tuple[list[SignInFailure], AuthenticatorApp | None]:
        """Note the try. Raises TooManyFailures, or ValidationError while only password and code together will do."""
        by_name, by_address = limits.of_name(request, name), limits.of_address(request, name)
        seconds = failures.seconds_to_wait(by_name)
        if not seconds or not second_factor.is_required():
            return failures.begin([by_name, *by_address]), None
        self.asks_code = True
        code = self.cleaned_data.get("code", "")
        by_code = [] if second_factor.is_recovery_code(code) else limits.of_code_with_password(request, name)
        noted = failures.begin([*by_code, *by_address]) if code else []
        app = _app_proven_by(name, code) if code else None
        if app is None:
            raise ValidationError(
                _("Too many tries for this user. Add the code of your authenticator app, or wait %(minutes)d min."),
                code="too_many_tries",
                params={"minutes": -(-seconds // 60)},
            )
        return noted, app


def too_many(seconds: int) -> ValidationError:
    """What a person reads who has to wait."""
    return ValidationError(
        _("Too many tries. Try again in %(minutes)d min."),
        code="too_many_tries",
        # Rounded up: a minute too early would be refused again.
        params={"minutes": -(-seconds // 60)},
    )


def _app_proven_by(name: str, code: str) -> AuthenticatorApp | None:
    user = get_user_model().objects.filter(username=name, is_active=True, is_staff=True).first()
    return second_factor.proven_by(user, code) if user else None
