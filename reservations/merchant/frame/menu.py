"""The entries of the app's menu in Shopify's admin."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reservations.merchant import erp_pages


@dataclass(frozen=True, slots=True)
class Entry:
    """A page that the menu names."""

    address: str
    label: str | Promise


HOME = "/app/"


def entries() -> list[Entry]:
    """The menu, in its order. Shopify leaves the first one out: the app's name opens it."""
    own = [Entry("/app/stock/", _("Stock")), Entry("/app/reservations/", _("Reservations"))]
    erp = [Entry(pages.address, pages.name) for pages in erp_pages.registered()]
    return [Entry(HOME, _("Today")), *own, *erp, Entry("/app/settings/", _("Settings"))]
