"""What Shopify says was paid and refunded, in the model."""

from .rules import Held
from .shop import Lines, Shop, summed


def sell(shop: Shop, order: str, lines: Lines, cart: str | None) -> list[tuple[str, int, int]]:
    """Make sure that the order has bought these totals; for each SKU: units sold, units that do not exist."""
    return [_sell(shop, order, sku, units, cart) for sku, units in summed(lines).items()]


def _sell(shop: Shop, order: str, sku: str, units: int, cart: str | None) -> tuple[str, int, int]:
    bought = sum(sale.quantity for sale in _sales(shop, order, sku, cart))
    missing = max(0, units - bought)
    for own in shop.live_hold(sku, cart):
        if missing:
            own.quantity = min(own.quantity, missing)
            own.order = order
            shop.sell_hold(own)
            missing -= own.quantity
    free = max(0, min(missing, shop.available(sku)))
    if free:
        sale = Held(sku, free, cart, shop.now, shop.now, order=order)
        shop.holds.append(sale)
        shop.sell_hold(sale)
        missing -= free
    shop.shortfalls[order, sku] = missing
    return sku, max(bought, units - missing), missing


def _sales(shop: Shop, order: str, sku: str, cart: str | None) -> list[Held]:
    """What the order bought of a SKU; a sale of its cart that knew no order is its own from now on."""
    sales = [held for held in shop.holds if held.sku == sku and held.end == "confirmed"]
    for sale in sales:
        if cart and sale.cart == cart and not sale.order:
            sale.order = order
    return [sale for sale in sales if sale.order == order]


def take_back(shop: Shop, order: str, sku: str, units: int, reference: str) -> int:
    """Units of an order that came back: never more than it has, and once for a reference."""
    if (sku, reference) in shop.references:
        return 0
    shop.references.add((sku, reference))
    sold = sum(sale.quantity for sale in shop.holds if (sale.sku, sale.order, sale.end) == (sku, order, "confirmed"))
    came_back = min(units, sold - shop.returned.get((order, sku), 0))
    shop.returned[order, sku] = shop.returned.get((order, sku), 0) + came_back
    shop.sales.append((shop.now, sku, -came_back))
    return came_back
