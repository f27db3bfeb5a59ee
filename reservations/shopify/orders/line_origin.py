"""An order's line stays what it was when we first heard of it: its SKU, and whether its units move here at all.

A catalogue changes while an order lives: a variant gets another SKU, is tracked no longer, is deleted. That does not
change what the order took from the shelf, and the same has to come back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from plumbing.whole_number import whole_number
from reservations.models import InventoryMode, Shop, StockItem
from reservations.shopify.catalogue.line_skus import ShopifyLine

Lines = Mapping[str, Mapping[str, Any]]


def from_our_shelf(shop_id: int, lines: Sequence[ShopifyLine], location_id: object) -> Sequence[ShopifyLine]:
    """The lines of an order made at this location, if any; what another location than ours sells moves nothing here.

    Ours is the one whose inventory this app writes. Where it writes none, all locations sell from the same stock.
    """
    made_at = whole_number(str(location_id))
    if made_at is None:
        return lines
    ours = Shop.objects.filter(pk=shop_id, inventory_mode=InventoryMode.PUBLISH, inventory_location_id__isnull=False)
    if not ours.exclude(inventory_location_id=made_at).exists():
        return lines
    return [replace(line, moves=False) for line in lines]


def as_first_heard(shop_id: int, told: Lines, known: Lines) -> dict[str, Any]:
    """The lines just `told`, by id, each of them still what it was among the lines `known` before."""
    renamed = {
        known[line_id]["sku"]
        for line_id, line in told.items()
        if line_id in known and known[line_id]["sku"] != line["sku"]
    }
    # A SKU that the stock does not have took nothing from the shelf, so the newer SKU is right.
    stocked = StockItem.objects.filter(shop=shop_id, sku__in=renamed).values_list("sku", flat=True) if renamed else ()
    return {line_id: _as_known(line, known.get(line_id), set(stocked)) for line_id, line in told.items()}


def _as_known(line: Mapping[str, Any], known: Mapping[str, Any] | None, stocked: set[str]) -> dict[str, Any]:
    if known is None:
        return dict(line)
    sku = known["sku"] if known["sku"] in stocked else line["sku"]
    moves = {"moves": False} if not known.get("moves", True) else {}
    return {name: value for name, value in line.items() if name != "moves"} | {"sku": sku} | moves
