"""What does not match between the shop's catalogue and its stock, for the merchant to correct."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef

from reservations.models import SkuLink, StockItem

# A longer list is a problem of the whole catalogue, not of single SKUs.
MOST = 1_000


@dataclass(frozen=True, slots=True)
class LinkReport:
    """How many variants are linked to stock, and lists of up to MOST ids or SKUs each."""

    linked: int
    without_sku: tuple[int, ...]
    not_in_stock: tuple[str, ...]
    not_in_shopify: tuple[str, ...]
    duplicated: tuple[str, ...]


def link_report(shop_id: int) -> LinkReport:
    """Report variants without a SKU, SKUs that the stock or Shopify does not know, and SKUs of several variants."""
    links = SkuLink.objects.filter(shop=shop_id)
    named = links.exclude(sku="")
    item = StockItem.objects.filter(shop=shop_id, sku=OuterRef("sku"))
    link = SkuLink.objects.filter(shop=shop_id, sku=OuterRef("sku"))
    stocked = StockItem.objects.filter(shop=shop_id)
    twice = named.values("sku").annotate(variants=Count("pk")).filter(variants__gt=1)
    return LinkReport(
        linked=named.filter(Exists(item)).count(),
        without_sku=tuple(links.filter(sku="").order_by("variant_id").values_list("variant_id", flat=True)[:MOST]),
        not_in_stock=tuple(named.filter(~Exists(item)).order_by("sku").values_list("sku", flat=True).distinct()[:MOST]),
        not_in_shopify=tuple(stocked.filter(~Exists(link)).order_by("sku").values_list("sku", flat=True)[:MOST]),
        duplicated=tuple(twice.order_by("sku").values_list("sku", flat=True)[:MOST]),
    )
