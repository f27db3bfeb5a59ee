"""One true sentence: how many SKUs are protected, what the others lack, and what mends it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reservations.hold_ends import hold_ends
from reservations.merchant import erp_pages
from reservations.merchant.grouped import grouped
from reservations.merchant.protection import Protection, protection
from reservations.models import Shop, ShopifyInstallation, Shortfall

from .guide import theme_editor
from .numbers import items_in_shortfall


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
class Problem:
    """What stands in the way, and the page where the merchant mends it; no address where nobody but we can."""

    sentence: str
    address: str = ""
    action: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """The parts of the sentence: safety, the SKUs, the ERP's readings, and the problems."""

    safety: Safety
    known: Protection
    readings: Sequence[LastRead]
    problems: Sequence[Problem]

    @property
    def label(self) -> str:
        """The first word."""
        return {
            Safety.SAFE: _("Protected sale"),
            Safety.CARE: _("Needs attention"),
            Safety.HURT: _("Units are missing"),
        }[self.safety]

    @property
    def skus(self) -> str:
        """How many SKUs there are, how many of them are protected, and what the others lack."""
        return ", ".join(_in_words(self.known))

    @property
    def places(self) -> Sequence[str]:
        """Which part of the store uses the app. What is off is no news while another part makes the sale safe."""
        theme = _("theme on") if self.known.theme_is_on else "" if self.safety == Safety.SAFE else _("theme off")
        return [place for place in (theme, _("checkout on") if self.known.checkout_is_on else "") if place]


def state(shop: Shop, installation: ShopifyInstallation | None) -> State:
    """How things stand, from what the database knows."""
    known = protection(shop, installation)
    connections = [(pages, pages.connection(shop)) for pages in erp_pages.registered()]
    of_erp = [
        Problem(seen.problem, pages.address, _("See %(name)s") % {"name": pages.name})
        for pages, seen in connections
        if seen.problem
    ]
    problems = [*_empty(known), *of_erp, *_own_problems(shop, installation, known)]
    hurt = Shortfall.objects.filter(shop=shop, resolved_at=None, quantity__gt=0).exists()
    # Links that could not be read anew may be those of yesterday.
    old_links = installation is not None and bool(installation.links_problem)
    care = bool(problems) or old_links or not known.is_whole or items_in_shortfall(shop).exists()
    return State(
        safety=Safety.HURT if hurt else Safety.CARE if care else Safety.SAFE,
        known=known,
        readings=[
            LastRead(pages.name, seen.read_at) for pages, seen in connections if seen.is_connected and seen.read_at
        ],
        problems=problems,
    )


def _in_words(known: Protection) -> Iterator[str]:
    if not known.skus:
        yield _("No SKU yet")
        return
    if known.is_whole:
        yield _counted(ngettext("%(count)s SKU, protected", "%(count)s SKUs, all protected", known.skus), known.skus)
        return
    yield _counted(ngettext("%(count)s SKU", "%(count)s SKUs", known.skus), known.skus)
    if not known.protected:
        yield _("none protected")
    lacks = [
        (ngettext("%(count)s protected", "%(count)s protected", known.protected), known.protected),
        (_("%(count)s without a pair at Shopify"), known.unlinked),
        (
            ngettext("%(count)s unknown to the checkout", "%(count)s unknown to the checkout", known.untold),
            known.untold,
        ),
        (ngettext("%(count)s never counted", "%(count)s never counted", known.uncounted), known.uncounted),
    ]
    yield from (_counted(text, count) for text, count in lacks if count)


def _empty(known: Protection) -> Iterator[Problem]:
    for pages in () if known.skus else erp_pages.registered():
        empty = _("There is no SKU yet. SKUs come from the ERP, with their counts.")
        yield Problem(empty, pages.address, _("See %(name)s") % {"name": pages.name})


def _own_problems(shop: Shop, installation: ShopifyInstallation | None, known: Protection) -> Iterator[Problem]:
    if installation and (installation.problem or not known.is_installed):
        yield Problem(_("Shopify no longer accepts the app's authorization. Reload this page to renew it."))
    if not known.is_used:
        unused = _(
            "Neither the theme nor the checkout uses the app yet: the store refuses no unit that another cart holds."
        )
        yield Problem(unused, theme_editor(shop), _("Open the theme editor"))
    if known.untold:
        text = ngettext(
            "The checkout does not know yet who holds the last units of %(count)s SKU. We tell it again by ourselves.",
            "The checkout does not know yet who holds the last units of %(count)s SKUs. We tell it again by ourselves.",
            known.untold,
        )
        yield Problem(_counted(text, known.untold), "/app/stock/?show=scarce", _("See the SKUs that run out"))
    if any(each.alarms for each in hold_ends(shop.pk)):
        held = _("Within the last hour shoppers reserved much and bought little. The limits of a shopper can be lower.")
        yield Problem(held, "/app/reservations/", _("See how reservations end"))
    if not known.is_on_time:
        yield Problem(_("Background work is late: reservations are safe, but news to and from the ERP wait."))


def _counted(text: str, count: int) -> str:
    return text % {"count": grouped(count)}
