"""A hold that an unpaid order took over keeps its cart's name, and the cart may hold anew."""

from django.db import migrations, models

OLD, NEW = "reservation_one_active_per_cart_and_sku", "reservation_one_hold_per_cart_and_sku"
_HOLDS = """ON reservations_reservation (shop_id, cart_token, stock_item_id)
    WHERE status = 'active' AND cart_token IS NOT NULL"""
CONDITION = models.Q(("cart_token__isnull", False), ("order_id", ""), ("status", "active"))


def index_sql(name: str, more: str = "") -> tuple[str, str]:
    """A half-made index of a try that was stopped goes first."""
    return (
        f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
        f"CREATE UNIQUE INDEX CONCURRENTLY {name} {_HOLDS}{more}",
    )


class Migration(migrations.Migration):
    # Each statement by itself: nobody who buys waits for an index.
    atomic = False

    dependencies = [("reservations", "0025_orders_from_before")]

    # The old rule goes when the new one is there: at no moment may a cart hold a SKU twice.
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(index_sql(NEW, " AND order_id = ''"), f"DROP INDEX CONCURRENTLY IF EXISTS {NEW}"),
                migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {OLD}", index_sql(OLD)),
            ],
            state_operations=[
                migrations.RemoveConstraint("reservation", OLD),
                migrations.AddConstraint(
                    "reservation",
                    models.UniqueConstraint(condition=CONDITION, fields=("shop", "cart_token", "stock_item"), name=NEW),
                ),
            ],
        ),
    ]
