"""An index over reservations, which may be many: built while they are read and written."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("reservations", "0007_merchants_pages"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="reservation",
            index=models.Index(
                condition=models.Q(("status", "active"), _negated=True),
                fields=["shop", "ended_at"],
                name="reservation_ended",
            ),
        ),
    ]
