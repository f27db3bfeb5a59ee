"""The form: the model's own rules, with sentences that a merchant understands."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from reservations.merchant.grouped import grouped
from reservations.models import InventoryMode, Shop
from reservations.models.shop import (
    MAX_HOLD_SECONDS,
    MOST_BANK_DAYS,
    MOST_HOLDS,
    MOST_PAYMENT_MINUTES,
    MOST_SCARCITY_THRESHOLD,
    MOST_UNITS_PER_LINE,
)

from .minutes import MinutesField, as_minutes

_MINUTES = ("hold_seconds", "hold_ceiling_seconds")
# How long an unpaid order waits for its payment, by method.
_PAYMENT_MINUTES = ("card_minutes", "pix_minutes")
_PAYMENT_DAYS = ("boleto_bank_days", "deposit_bank_days", "other_bank_days")
# What a shopper may have, and hold without having paid.
_LIMITS = (
    "max_units_per_line",
    "units_per_customer",
    "holds_per_customer",
    "units_per_address",
    "holds_per_address",
    "anonymous_percent",
    "unpaid_wait_percent",
)
# Whatever is wrong with a number, the merchant needs the same words: what belongs there.
_MISTAKES = ("required", "invalid", "min_value", "max_value")


class SettingsForm(forms.ModelForm):
    """What the merchant may change on the page; the operator of the service keeps the rest."""

    hold_seconds = MinutesField()
    hold_ceiling_seconds = MinutesField()

    class Meta:
        model = Shop
        fields = [
            "hold_seconds",
            "hold_ceiling_seconds",
            "scarcity_threshold",
            *_LIMITS,
            "rescue_paid_orders",
            "till_takes_holds",
            "tell_test_orders",
            "counts_pending_orders",
            "sell_when",
            *_PAYMENT_MINUTES,
            *_PAYMENT_DAYS,
            "cancel_unpaid_orders",
            "inventory_mode",
            "inventory_location_id",
            "language",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in _MINUTES:
            self.initial[name] = as_minutes(getattr(self.instance, name))
        for name, sentence in _sentences().items():
            self.fields[name].error_messages |= dict.fromkeys(_MISTAKES, sentence)

    def written(self) -> dict[str, str]:
        """What each field shows: what was just written, else what holds."""
        return {name: str("" if self[name].value() is None else self[name].value()) for name in self.fields}

    def clean_hold_seconds(self) -> int:
        """The hold, in its range."""
        return _in_range(self.cleaned_data["hold_seconds"])

    def clean_hold_ceiling_seconds(self) -> int:
        """The ceiling, in its range."""
        return _in_range(self.cleaned_data["hold_ceiling_seconds"])

    def clean_inventory_mode(self) -> str:
        """The chosen mode. Refuses to write beside Bling's own channel: each would undo the other."""
        mode = str(self.cleaned_data["inventory_mode"])
        if mode == InventoryMode.PUBLISH and self.instance.native_channel:
            raise ValidationError(
                _("Bling's own Shopify channel writes the inventory. Switch it off there first, then this can be on.")
            )
        return mode


def _sentences() -> dict[str, str]:
    """What belongs into each field of a number, in the reader's language."""
    scarce, line = {"most": grouped(MOST_SCARCITY_THRESHOLD)}, {"most": grouped(MOST_UNITS_PER_LINE)}
    units = _("Write a whole number of units from 1 to %(most)s.") % line
    holds = _("Write a whole number of reservations from 1 to %(most)s.") % {"most": grouped(MOST_HOLDS)}
    minutes, days = {"most": grouped(MOST_PAYMENT_MINUTES)}, {"most": grouped(MOST_BANK_DAYS)}
    return {
        **dict.fromkeys(_PAYMENT_MINUTES, _("Write a whole number of minutes from 1 to %(most)s.") % minutes),
        **dict.fromkeys(_PAYMENT_DAYS, _("Write a whole number of bank days from 1 to %(most)s.") % days),
        "scarcity_threshold": _("Write a whole number of units from 0 to %(most)s.") % scarce,
        "max_units_per_line": _("Write a whole number of units from 1 to %(most)s, or nothing: no limit.") % line,
        "units_per_customer": units,
        "units_per_address": units,
        "holds_per_customer": holds,
        "holds_per_address": holds,
        "anonymous_percent": _("Write a whole number from 1 to 100. 100: no limit."),
        "unpaid_wait_percent": _("Write a whole number from 0 to 100. 0: no wait."),
        "inventory_location_id": _("Write the number alone, as it stands at the end of the location's address."),
    }


def _in_range(seconds: int) -> int:
    if not 1 <= seconds <= MAX_HOLD_SECONDS:
        most = MAX_HOLD_SECONDS // 60
        raise ValidationError(_("Write more than 0 and at most %(most)s minutes (a day).") % {"most": grouped(most)})
    return seconds
