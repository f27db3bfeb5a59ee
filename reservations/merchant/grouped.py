"""Counts in words, grouped as the reader's language groups them: 10.000 in Portuguese, 10,000 in English."""

from django.utils.formats import number_format


def grouped(count: int) -> str:
    """The count for a sentence. In a template ``floatformat:"0g"`` says the same."""
    return number_format(count, decimal_pos=0, use_l10n=True, force_grouping=True)
