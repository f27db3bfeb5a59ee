"""One true sentence: whether the sale is safe."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reservations.merchant import erp_pages
from reservations.merchant.grouped import grouped
from reservations.models import (
    Heartbeat,
    InstallationState,
    Shop,
    ShopifyInstallation,
    Shortfall,
    StockItem,
    ValidationState,
)

from .numbers import items_in_shortfall

# The jobs beat every few seconds; holds end on time even without them.
JOBS_LATE = timedelta(minutes=3)


class Safety(StrEnum):
    """How safe the sale is. The values are Polaris' tones."""

    SAFE = "success"
    CARE = "warning"
    HURT = "critical"


@dataclass(frozen=True, slots=True)
class LastRead:
    """When the ERP was last read."""

    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class State:
    """The parts of the sentence: safety, number of SKUs, the ERP's readings, and the problems."""

    safety: Safety
    skus: str
    readings: Sequence[LastRead]
    theme_is_on: bool | None
    problems: Sequence[str]

    @property
    def label(self) -> str:
        """The first word."""
        return {
            Safety.SAFE: _("Protected sale"),
            Safety.CARE: _("Needs attention"),
            Safety.HURT: _("Units are missing"),
        }[self.safety]


def state(shop: Shop, installation: ShopifyInstallation | None) -> State:
    """How things stand, from what the database knows."""
    skus = StockItem.objects.filter(shop=shop).count()
    connections = [(pages.name, pages.connection(shop)) for pages in erp_pages.registered()]
    problems = [known.problem for _, known in connections if known.problem] + _own_problems(installation)
    hurt = Shortfall.objects.filter(shop=shop, resolved_at=None, quantity__gt=0).exists()
    care = bool(problems) or not skus or items_in_shortfall(shop).exists()
    return State(
        safety=Safety.HURT if hurt else Safety.CARE if care else Safety.SAFE,
        skus=_known(skus, is_used=_is_used(installation)),
        readings=[LastRead(name, known.read_at) for name, known in connections if known.is_connected and known.read_at],
        theme_is_on=installation.theme_embed if installation else None,
        problems=problems,
    )


def _known(skus: int, *, is_used: bool) -> str:
    """How many SKUs, and whether they are protected: while no part of the store asks, the app only watches."""
    protected = ngettext("Protecting %(count)s SKU", "Protecting %(count)s SKUs", skus)
    watched = ngettext("Watching %(count)s SKU", "Watching %(count)s SKUs", skus)
    return (protected if is_used else watched) % {"count": grouped(skus)}


def _is_used(installation: ShopifyInstallation | None) -> bool:
    """Whether the theme or the checkout refuses what another cart holds."""
    return installation is not None and (
        bool(installation.theme_embed) or installation.validation_state == ValidationState.ON
    )


def _own_problems(installation: ShopifyInstallation | None) -> list[str]:
    found = []
    if installation and (installation.problem or installation.state != InstallationState.INSTALLED):
        found.append(_("Shopify no longer accepts the app's authorization. Reload this page to renew it."))
    if installation and installation.links_problem:
        found.append(_("The store's catalogue could not be read: new SKUs have no pair until tonight's reading."))
    if not _is_used(installation):
        found.append(
            _("Neither the theme nor the checkout uses the app yet: the store refuses no unit that another cart holds.")
        )
    if Heartbeat.objects.filter(at__lt=Now() - JOBS_LATE).exists():
        found.append(_("Background work is late: reservations are safe, but news to and from the ERP wait."))
    return found
