"""Shops, stock and holds for tests, made the way the product makes them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID, uuid4

from django.db import connection

from reservations import engine
from reservations.models import Reservation, Shop, SkuLink, StockItem

_numbers = count(1)


def make_shop(**settings: object) -> Shop:
    """Make a shop with a domain of its own; `settings` are the model's fields.

    It limits no cart and keeps nothing back from shoppers without a number, unless `settings` say so: as a shop from
    before there were such limits.
    """
    settings = {"max_units_per_line": None, "anonymous_percent": 100} | settings
    return Shop.objects.create(domain=f"shop-{next(_numbers)}-{uuid4().hex[:8]}.myshopify.com", **settings)


def stock_of(shop: Shop, units: int, sku: str = "SKU-1") -> str:
    """Count `units` of `sku` into the shop, and return the SKU."""
    engine.apply_count(shop.pk, sku, units)
    return sku


def put_in_doubt(shop: Shop, units: int, sku: str = "SKU-1") -> datetime:
    """The ERP may show so many of the units in flight already; until when that is open."""
    until = database_now() + timedelta(seconds=30)
    StockItem.objects.filter(shop=shop, sku=sku).update(in_doubt=units, doubt_until=until)
    return until


def hold(
    shop: Shop,
    sku: str = "SKU-1",
    quantity: int = 1,
    cart: UUID | None = None,
    shopper: engine.Shopper | None = None,
) -> engine.Reservation:
    """Reserve units and return the live hold."""
    return engine.reserve(shop.pk, [engine.Line(sku, quantity)], cart_token=cart, shopper=shopper)[0]


def hold_cart(
    shop_id: int, cart_token: UUID, lines: Sequence[engine.Line], absorbs: Sequence[UUID] = ()
) -> tuple[engine.HoldLine, ...]:
    """Let one cart hold these lines and nothing else."""
    return engine.hold_carts(shop_id, [engine.Cart(cart_token, lines, absorbs)])[0]


def settle_one(shop_id: int, order: engine.Order) -> tuple[engine.SoldLine, ...]:
    """Settle one order."""
    return engine.settle(shop_id, [order])[0]


def settle_order(
    shop: Shop, order_id: str, units: int, sku: str = "SKU-1", *, cart: UUID | None = None
) -> tuple[engine.SoldLine, ...]:
    """Settle an order of `units` of `sku`, paid for and not yet fulfilled."""
    order = engine.Order(order_id, [engine.OrderLine(sku, units, units)], carts=[cart] if cart else [])
    return settle_one(shop.pk, order)


def hold_of_order(shop: Shop, order_id: str = "1001", sku: str = "SKU-1", minutes: float = 30) -> engine.Reservation:
    """The hold of one unit by an order whose payment is due in so many minutes."""
    until = database_now() + timedelta(minutes=minutes)
    settle_one(shop.pk, engine.Order(order_id, [engine.OrderLine(sku, 1, 1)], held_until=until))
    row = Reservation.objects.get(shop=shop, order_id=order_id, status="active", stock_item__sku=sku)
    return engine.reservation(shop.pk, row.pk)


def by_id(*holds: engine.Reservation) -> engine.ByIds:
    """A target that names these holds by their ids."""
    return engine.ByIds(tuple(known.reservation_id for known in holds))


def link(shop: Shop, variant: int = 1, *, continues: bool = False, tracked: bool = True, sku: str = "SKU-1") -> None:
    """Say what a variant at Shopify does, and let the stock follow."""
    now = database_now()
    told = {"continues_selling": continues, "policy_at": now, "tracked": tracked, "tracked_at": now}
    SkuLink.objects.update_or_create(shop=shop, variant_id=variant, defaults={"sku": sku, "synced_at": now, **told})
    engine.follow_links(shop.pk, [sku])


def item(shop: Shop, sku: str = "SKU-1") -> StockItem:
    """The stock row as it is in the database now."""
    return StockItem.objects.get(shop=shop, sku=sku)


def numbers(shop: Shop, sku: str = "SKU-1") -> tuple[int, int, int]:
    """(on hand, reserved, in flight) of the stock row."""
    row = item(shop, sku)
    return row.on_hand, row.reserved, row.in_flight


def database_now() -> datetime:
    """The database's clock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now


def outlive(*holds: engine.Reservation) -> None:
    """Make these holds expire now, as if their time had passed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE reservations_reservation SET expires_at = clock_timestamp() - interval '1 microsecond'"
            " WHERE id = ANY(%s)",
            [[known.reservation_id for known in holds]],
        )
