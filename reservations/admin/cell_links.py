"""Links and figures in the cells of a list."""

from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString


def link(page: str, text: object, *arguments: object, **query: object) -> SafeString:
    """A link to a page of the admin, as in ``link("reservations_stockitem_changelist", "42", shop=1)``."""
    return format_html('<a href="{}">{}</a>', address(page, *arguments, **query), text)


def address(page: str, *arguments: object, **query: object) -> str:
    """The address of a page of the admin."""
    path = reverse(f"admin:{page}", args=[str(argument) for argument in arguments])
    return f"{path}?{urlencode(query)}" if query else path


def units(number: int) -> str | SafeString:
    """Units; a number below zero stands out."""
    return format_html('<strong class="bazico-short">{}</strong>', number) if number < 0 else str(number)


def moved(balance: int, delta: int) -> str | SafeString:
    """A balance, and by how much it changed to become so."""
    return format_html("{} <strong>({})</strong>", balance, f"{delta:+d}") if delta else str(balance)


def moment(at: datetime) -> str:
    """A moment to the second, in the time zone of the reader."""
    return date_format(timezone.localtime(at), "d/m/Y H:i:s")
