"""The store's catalogue on the merchant's pages: how many SKUs have no pair there, and how far its reading is."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reservations.merchant.frame.merchant_page import action
from reservations.merchant.frame.visit import Visit
from reservations.merchant.grouped import grouped
from reservations.models import CatalogueWalk, Shop, ShopifyInstallation
from reservations.shopify.catalogue import walk


@dataclass(frozen=True, slots=True)
class Catalogue:
    """SKUs in stock without a pair at Shopify; `progress` while the catalogue is read, else when it was read last.

    ``elsewhere`` are SKUs that only Shopify has. ``problem`` says why the last attempt failed.
    """

    unlinked: int
    elsewhere: int
    progress: str
    read_at: datetime | None
    variants: int
    problem: str

    @property
    def is_shown(self) -> bool:
        """Whether a page has to speak of it: while a pair is missing, the catalogue is being read, or could not be."""
        return bool(self.unlinked or self.elsewhere or self.progress or self.problem)


def catalogue(shop: Shop, unlinked: int, elsewhere: int = 0) -> Catalogue:
    """How things stand; the caller has counted the SKUs that have no pair, and those that only Shopify has."""
    known = CatalogueWalk.objects.filter(shop=shop).first()
    installation = ShopifyInstallation.objects.filter(shop=shop).first()
    problem = installation.links_problem if installation else ""
    return Catalogue(
        unlinked,
        elsewhere,
        _progress(known) if known and not problem else "",
        installation.links_synced_at if installation else None,
        known.variants if known else 0,
        _reason(problem),
    )


@action
def read_catalogue(visit: Visit) -> HttpResponse:
    """Ask for the whole catalogue anew; a worker reads it, and the page shows how far it is."""
    walk.ask(visit.shop.pk)
    return visit.done(_("Reading the store's catalogue."))


def _progress(known: CatalogueWalk) -> str:
    if known.is_under_way:
        text = ngettext("%(count)s variant read so far.", "%(count)s variants read so far.", known.variants)
        return text % {"count": grouped(known.variants)}
    return _("It waits for its turn.") if known.is_asked_for else ""


def _reason(problem: str) -> str:
    """What stood in the way, in the merchant's words."""
    kind, _colon, said = problem.partition(": ")
    return {
        "": "",
        "Unreachable": _("Shopify did not answer in time."),
        "NotInstalled": _("The app is not installed at Shopify."),
        "NeedsReopen": _("Shopify no longer accepts the app's authorization."),
        "ClientRefused": _("Shopify no longer accepts the app's authorization."),
    }.get(kind, _("Shopify answered: %(answer)s") % {"answer": said or kind})
