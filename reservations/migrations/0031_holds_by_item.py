"""Indexes of the living holds that no statistics can turn against a buyer: each by a condition of its own."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Nobody who buys waits for an index.
    atomic = False

    dependencies = [("reservations", "0030_guard_within_shopifys_budget")]

    operations = [
        AddIndexConcurrently(
            "reservation",
            models.Index(
                fields=["stock_item", "expires_at"],
                name="reservation_dying_by_item",
                condition=models.Q(("ended_at__isnull", True)),
            ),
        ),
        AddIndexConcurrently(
            "reservation",
            models.Index(
                fields=["shop", "expires_at"],
                name="reservation_living_by_shop",
                condition=models.Q(("ended_at__isnull", True), ("status", "active")),
            ),
        ),
        RemoveIndexConcurrently("reservation", "reservation_dying_by_sku"),
        RemoveIndexConcurrently("reservation", "reservation_dying_by_shop"),
    ]
