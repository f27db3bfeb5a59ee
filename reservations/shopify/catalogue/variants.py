"""Ask Shopify for the variants of a shop: one page of its whole catalogue, or all of one product."""

from dataclasses import dataclass
from typing import Any

from reservations.shopify.client import admin_api
from reservations.shopify.client.global_ids import global_id, number
from reservations.shopify.errors import ShopifyError


@dataclass(frozen=True, slots=True)
class Variant:
    """A variant as Shopify reports it. What it does not tell is None, and changes nothing that we know.

    ``tracked``: Shopify counts its units. ``continues_selling``: the store sells it when there are none.
    """

    variant_id: int
    product_id: int | None
    inventory_item_id: int | None
    sku: str | None
    tracked: bool | None = None
    continues_selling: bool | None = None


@dataclass(frozen=True, slots=True)
class VariantPage:
    """Some variants, in the order of their ids, and the cursor of the next page; "" after the last one."""

    variants: list[Variant]
    next: str


def page_of_catalogue(shop_id: int, cursor: str, *, seconds: float) -> VariantPage:
    """The page that begins at `cursor`, "" for the first, within `seconds`. Raises what :func:`admin_api.call` raises.

    It leaves points to the writers of guards, who share Shopify's limit with us.
    """
    return _page(
        admin_api.call(shop_id, "variants", {"after": cursor or None}, seconds=seconds, spare=admin_api.GUARDS_POINTS)
    )


def of_product(shop_id: int, product_id: str) -> list[Variant]:
    """All variants of one product; none where Shopify knows no such product. Raises as above."""
    found, cursor = [], ""
    while True:
        variables = {"id": global_id("Product", product_id), "after": cursor or None}
        page = _page(admin_api.call(shop_id, "product_variants", variables))
        found += page.variants
        if not page.next:
            return found
        cursor = page.next


def _page(data: dict[str, Any]) -> VariantPage:
    owner = data.get("product") if "product" in data else {"variants": data.get("productVariants")}
    if owner is None:
        return VariantPage([], "")
    found = owner.get("variants")
    if not isinstance(found, dict):
        # An empty catalogue has an empty page. An answer without a page, if we took it for one, would unlink every SKU.
        raise ShopifyError("an answer without variants")
    further = found["pageInfo"]["hasNextPage"]
    variants = [_variant(node) for node in found["nodes"] if number(node.get("id"))]
    return VariantPage(variants, str(found["pageInfo"]["endCursor"]) if further else "")


def _variant(node: dict[str, Any]) -> Variant:
    item = node.get("inventoryItem") or {}
    return Variant(
        variant_id=int(number(node["id"])),
        product_id=_int(number((node.get("product") or {}).get("id"))),
        inventory_item_id=_int(number(item.get("id"))),
        sku=node.get("sku") or "",
        tracked=as_bool(item.get("tracked")),
        continues_selling=continues_selling(node.get("inventoryPolicy")),
    )


def continues_selling(policy: object) -> bool | None:
    """What an inventory policy says: DENY or CONTINUE, in letters of either case. None for anything else."""
    return {"deny": False, "continue": True}.get(policy.lower()) if isinstance(policy, str) else None


def as_bool(value: object) -> bool | None:
    """A boolean, None for anything else."""
    return value if isinstance(value, bool) else None


def _int(text: str) -> int | None:
    return int(text) if text else None
