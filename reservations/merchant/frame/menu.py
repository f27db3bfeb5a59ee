"""The entries of the app's menu in Shopify's admin."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reservations.merchant import erp_pages
from reservations.merchant.grouped import grouped
from reservations.models import Shop, Shortfall


@dataclass(frozen=True, slots=True)
class Entry:
    """A page that the menu names."""

    address: str
    label: str | Promise


HOME = "/app/"


def _shortfalls(shop: Shop) -> Entry:
    """Paid items without a unit, with how many there are."""
    count = Shortfall.objects.filter(shop=shop, resolved_at=None, quantity__gt=0).count()
    label = gettext("Paid items without a unit")
    return Entry("/app/shortfalls/", f"{label} ({grouped(count)})" if count else label)


def entries(shop: Shop) -> list[Entry]:
    """The menu, in its order. Shopify leaves the first one out: the app's name opens it."""
    own = [Entry("/app/stock/", _("Stock")), Entry("/app/reservations/", _("Reservations")), _shortfalls(shop)]
    erp = [Entry(pages.address, pages.name) for pages in erp_pages.registered()]
    return [Entry(HOME, _("Today")), *own, *erp, Entry("/app/settings/", _("Settings"))]
