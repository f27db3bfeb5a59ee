"""The due deliveries that move stock are found beside any number of the catalogue's."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # No delivery waits for an index.
    atomic = False

    dependencies = [("reservations", "0035_scopes_of_api_keys")]

    operations = [
        AddIndexConcurrently(
            "webhookdelivery",
            models.Index(
                fields=["shop", "next_attempt_at"],
                name="delivery_due_stock",
                condition=models.Q(
                    ("status", "pending"),
                    models.Q(("topic__startswith", "products/"), _negated=True),
                    models.Q(("topic__startswith", "inventory"), _negated=True),
                ),
            ),
        ),
    ]
