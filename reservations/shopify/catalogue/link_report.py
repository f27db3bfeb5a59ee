"""What does not match between the shop's catalogue and its stock, for the merchant to correct."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from plumbing import sql
from reservations.models import SkuLink, StockItem

# A longer list is a problem of the whole catalogue, not of single SKUs.
MOST = 1_000
# Two SKUs that differ only in case and in spaces, those that nobody sees included, mean the same thing.
_FOLDED = "lower(regexp_replace({sku}, '[\\s\\u00a0\\u2007\\u202f\\u200b\\ufeff]+', '', 'g'))"
# `min(sku)`: where two of ours differ only so, one suggestion is enough. One row a SKU, with its lowest variant and the
# product of that one, for one page to open. What resembles ours comes first, as a merchant mends it in seconds.
_ONLY_AT_SHOPIFY = f"""
WITH ours AS (
    SELECT {_FOLDED.format(sku="sku")} AS folded, min(sku) AS sku FROM reservations_stockitem
    WHERE shop_id = %(shop)s GROUP BY 1
)
SELECT min(l.variant_id), (array_agg(l.product_id ORDER BY l.variant_id))[1], l.sku, coalesce(ours.sku, '')
FROM reservations_skulink AS l LEFT JOIN ours ON ours.folded = {_FOLDED.format(sku="l.sku")}
WHERE l.shop_id = %(shop)s AND l.sku <> ''
    AND NOT EXISTS (SELECT FROM reservations_stockitem AS i WHERE i.shop_id = l.shop_id AND i.sku = l.sku)
GROUP BY l.sku, ours.sku ORDER BY ours.sku IS NULL, l.sku LIMIT %(most)s
"""  # noqa: S608 - made of our own two texts
# No mistake by itself, as variants may sell the same units; but often a copied product whose SKU nobody changed.
_REPEATED = """
SELECT min(variant_id), (array_agg(product_id ORDER BY variant_id))[1], sku FROM reservations_skulink
WHERE shop_id = %(shop)s AND sku <> '' GROUP BY sku HAVING count(*) > 1 ORDER BY sku LIMIT %(most)s
"""
# A variant whose SKU the stock has sells that one, however much it resembles this.
_RESEMBLING = f"""
SELECT l.variant_id, l.product_id, l.sku, %(sku)s FROM reservations_skulink AS l
WHERE l.shop_id = %(shop)s AND l.sku <> %(sku)s AND {_FOLDED.format(sku="l.sku")} = {_FOLDED.format(sku="%(sku)s")}
    AND NOT EXISTS (SELECT FROM reservations_stockitem AS i WHERE i.shop_id = l.shop_id AND i.sku = l.sku)
ORDER BY l.variant_id LIMIT %(most)s
"""  # noqa: S608 - made of our own two texts


@dataclass(frozen=True, slots=True)
class Misfit:
    """A variant at Shopify with its SKU there; ``resembles`` is the SKU in stock that is written almost like it."""

    variant_id: int
    product_id: int | None
    sku: str
    resembles: str = ""


@dataclass(frozen=True, slots=True)
class LinkReport:
    """How many variants are linked to stock, and lists of up to MOST misfits or SKUs each.

    ``only_at_shopify`` begins with those that resemble a SKU in stock.
    """

    linked: int
    without_sku: tuple[Misfit, ...]
    only_at_shopify: tuple[Misfit, ...]
    not_in_shopify: tuple[str, ...]
    duplicated: tuple[Misfit, ...]


def link_report(shop_id: int) -> LinkReport:
    """Report variants without a SKU, SKUs that the stock or Shopify does not know, and SKUs of several variants."""
    links = SkuLink.objects.filter(shop=shop_id)
    named = links.exclude(sku="")
    item = StockItem.objects.filter(shop=shop_id, sku=OuterRef("sku"))
    link = SkuLink.objects.filter(shop=shop_id, sku=OuterRef("sku"))
    nameless = links.filter(sku="").order_by("variant_id").values_list("variant_id", "product_id", "sku")
    unknown = StockItem.objects.filter(~Exists(link), shop=shop_id).order_by("sku")
    return LinkReport(
        linked=named.filter(Exists(item)).count(),
        without_sku=tuple(Misfit(*row) for row in nameless[:MOST]),
        only_at_shopify=_misfits(_ONLY_AT_SHOPIFY, shop=shop_id, most=MOST),
        not_in_shopify=tuple(unknown.values_list("sku", flat=True)[:MOST]),
        duplicated=_misfits(_REPEATED, shop=shop_id, most=MOST),
    )


def only_at_shopify(shop_id: int) -> int:
    """How many SKUs a variant carries of which the stock has no item."""
    item = StockItem.objects.filter(shop=shop_id, sku=OuterRef("sku"))
    named = SkuLink.objects.filter(~Exists(item), shop=shop_id).exclude(sku="")
    return named.values("sku").distinct().count()


def resembling(shop_id: int, sku: str, *, most: int = 5) -> tuple[Misfit, ...]:
    """The variants at Shopify that would be linked to this SKU if they were written like it."""
    return _misfits(_RESEMBLING, shop=shop_id, sku=sku, most=most)


def _misfits(statement: str, **facts: object) -> tuple[Misfit, ...]:
    return tuple(Misfit(*row) for row in sql.rows(statement, facts))
