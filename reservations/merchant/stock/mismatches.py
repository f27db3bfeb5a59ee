"""Where Shopify's catalogue does not fit the stock, for the merchant to correct at Shopify."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from reservations.models import Shop
from reservations.shopify.catalogue.link_report import MOST, link_report

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A kind of mismatch: what it means, up to SHOWN of what it is about, and how many there are beyond them."""

    sentence: str
    names: Sequence[object]
    more: int
    is_cut: bool


def mismatches(shop: Shop) -> list[Mismatch]:
    """The kinds that occur. SKUs that Shopify lacks are the list beside it."""
    return [
        Mismatch(sentence, names[:SHOWN], max(0, len(names) - SHOWN), len(names) >= MOST)
        for sentence, names in _kinds(shop)
        if names
    ]


def _kinds(shop: Shop) -> Iterator[tuple[str, Sequence[object]]]:
    report = link_report(shop.pk)
    yield _("Several variants at Shopify carry the same SKU, and sell the same units:"), report.duplicated
    yield _("At Shopify, but not in the stock, so nothing holds their units:"), report.not_in_stock
    yield _("Variants at Shopify without a SKU, by their numbers there:"), report.without_sku
