"""Seconds in the model, minutes in the form."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MINUTE = Decimal(60)


class MinutesField(forms.DecimalField):
    """A number of minutes in the form, whole seconds in the model. It understands both decimal signs."""

    default_error_messages = {"invalid": _("Write a number of minutes, as in 10.")}

    def to_python(self, value: Any) -> Any:
        """Whole seconds, at least one; None for an empty field."""
        minutes = super().to_python(str(value).strip().replace(",", ".") if value is not None else value)
        if minutes is None:
            return None
        if not minutes.is_finite():
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return int((minutes * MINUTE).quantize(Decimal(1), ROUND_HALF_UP))

    def validate(self, value: Any) -> None:
        """Check only that something is there; the model knows the range."""
        forms.Field.validate(self, value)

    def run_validators(self, value: Any) -> None:
        """Skip the digit limits, which hold for minutes: in seconds only the model's range counts."""


def as_minutes(seconds: int) -> str:
    """How the form shows so many seconds."""
    return f"{(Decimal(seconds) / MINUTE).quantize(Decimal('0.01')).normalize():f}"
