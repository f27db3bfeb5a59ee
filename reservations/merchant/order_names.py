"""The names by which the merchant knows orders."""

from collections.abc import Collection, Mapping

from reservations.models import ShopifyOrder


def order_names(shop_id: int, order_ids: Collection[str]) -> Mapping[str, str]:
    """The names at Shopify ("#1001") of those orders that Shopify has told of."""
    wanted = [known for known in order_ids if known]
    if not wanted:
        return {}
    named = ShopifyOrder.objects.filter(shop=shop_id, order_id__in=wanted).exclude(name="")
    return dict(named.values_list("order_id", "name"))
