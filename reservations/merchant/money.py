"""Amounts of money in words, as the reader's language writes them."""

from decimal import Decimal

from django.utils.formats import number_format

_SIGNS = {"BRL": "R$"}
_HARD_SPACE = "\N{NO-BREAK SPACE}"


def money(amount: Decimal, currency: str) -> str:
    """The amount with its sign, R$ 1.234,50 in Portuguese; with the currency's code where it has no sign here."""
    figure = number_format(amount, decimal_pos=2, use_l10n=True, force_grouping=True)
    return f"{_SIGNS.get(currency, currency)}{_HARD_SPACE}{figure}".strip()
