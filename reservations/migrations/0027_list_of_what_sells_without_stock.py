"""The list of SKUs that sell without stock reads along an index."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Nobody who buys waits for an index.
    atomic = False

    dependencies = [("reservations", "0026_holds_that_orders_took")]

    operations = [
        AddIndexConcurrently(
            "stockitem",
            models.Index(
                fields=["shop", "sku"],
                name="stockitem_without_stock",
                condition=models.Q(("sells_without_stock", True)),
            ),
        ),
    ]
