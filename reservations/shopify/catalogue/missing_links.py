"""SKUs in stock that no variant at Shopify sells: what looks for their variants, and what that means for a sale."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy

from reservations.models import InstallationState, ShopifyInstallation, SkuLink, StockItem

from . import walk

# Why a sale of such a SKU came without a hold, for every page that names causes.
NO_LINK = gettext_lazy("The SKU had no pair at Shopify, so the store could not hold its units.")


def look_for_variants(shop_id: int, sku: str = "") -> bool:
    """Have the catalogue read at once if a SKU in stock has no link, or if this `sku` has none.

    Whoever brings SKUs into the stock calls it, in the transaction that ends the work. False where no link is missing,
    and where the app is not in the shop.
    """
    items = StockItem.objects.filter(shop=shop_id)
    return look_ahead(shop_id, items.filter(sku=sku) if sku else items)


def look_ahead(shop_id: int, rows: QuerySet[Any]) -> bool:
    """Have the catalogue read if the `sku` of one of these rows, which the stock may have soon, has no link."""
    link = SkuLink.objects.filter(shop=shop_id, sku=OuterRef("sku"))
    has_app = ShopifyInstallation.objects.filter(shop=shop_id).exclude(state=InstallationState.UNINSTALLED).exists()
    if not has_app or not rows.filter(~Exists(link)).exists():
        return False
    walk.ask(shop_id)
    return True


def had_no_link(*, sku: str, at: str) -> Exists:
    """For ``annotate`` and ``filter`` on rows with a shop: whether no variant sold the SKU at that moment.

    `sku` and `at` name the row's members, as in ``had_no_link(sku="stock_item__sku", at="created_at")``. Such a sale
    came without a hold, because the store did not know which stock it sells. What is linked since then does not change
    that; links from before we noted their age count as old.
    """
    then = Q(sku_since=None) | Q(sku_since__lte=OuterRef(at))
    return ~Exists(SkuLink.objects.filter(then, shop=OuterRef("shop"), sku=OuterRef(sku)))  # type: ignore[return-value]
