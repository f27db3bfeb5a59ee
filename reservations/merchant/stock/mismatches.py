"""Where Shopify's catalogue does not fit the stock, for the merchant to correct at Shopify."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from reservations.merchant.frame.frame_policy import ADMIN
from reservations.models import Shop, SkuLink
from reservations.shopify.access.shop_domain import store_name
from reservations.shopify.catalogue.link_report import MOST, Misfit, link_report

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Named:
    """A variant that does not fit: its name, its page at Shopify, and the SKU that it should have there."""

    name: str
    address: str
    rename_to: str = ""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A kind of mismatch: what it means, up to SHOWN variants of it, and how many there are beyond them."""

    sentence: str
    variants: Sequence[Named]
    more: int
    is_cut: bool


def mismatches(shop: Shop) -> list[Mismatch]:
    """The kinds that occur, the easiest to mend first. SKUs that Shopify lacks are the list beside it."""
    return [
        Mismatch(sentence, named(shop, found[:SHOWN]), max(0, len(found) - SHOWN), len(found) >= MOST)
        for sentence, found in _kinds(shop)
        if found
    ]


def named(shop: Shop, found: Sequence[Misfit]) -> list[Named]:
    """The variants with their pages at Shopify."""
    return [Named(one.sku or str(one.variant_id), _address(shop, one), one.resembles) for one in found]


def linked_variants(shop: Shop, sku: str) -> list[Named]:
    """Up to SHOWN variants that sell the SKU."""
    links = SkuLink.objects.filter(shop=shop, sku=sku).order_by("variant_id")
    found = links.values_list("variant_id", "product_id", "sku")[:SHOWN]
    return named(shop, [Misfit(*row) for row in found])


def sells_without_stock(shop: Shop, sku: str) -> bool:
    """Whether a variant of the SKU does at Shopify; its stock item does where all of them do."""
    return SkuLink.objects.filter(Q(continues_selling=True) | Q(tracked=False), shop=shop, sku=sku).exists()


def _kinds(shop: Shop) -> Iterator[tuple[str, Sequence[Misfit]]]:
    report = link_report(shop.pk)
    elsewhere = report.only_at_shopify
    almost = [misfit for misfit in elsewhere if misfit.resembles]
    yield _("Written at Shopify almost as in the stock; rename them there, letter by letter:"), almost
    yield _("Several variants at Shopify carry the same SKU, and sell the same units:"), report.duplicated
    strange = [misfit for misfit in elsewhere if not misfit.resembles]
    yield (
        _("At Shopify, but not in the stock, so nothing holds their units; bring them into the stock, or rename them:"),
        strange,
    )
    yield _("Variants at Shopify without a SKU, by their numbers there; write their SKU:"), report.without_sku


def _address(shop: Shop, misfit: Misfit) -> str:
    products = f"{ADMIN}/store/{store_name(shop.domain)}/products"
    return f"{products}/{misfit.product_id}/variants/{misfit.variant_id}" if misfit.product_id else products
