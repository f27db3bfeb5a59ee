"""A cart remembers its lines and the holds that they name, so that a copy of it takes no hold of another's."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # The index is built beside the traffic.
    atomic = False

    dependencies = [("reservations", "0018_units_in_doubt")]

    operations = [
        migrations.AddField("shopifycart", "lines", models.JSONField("lines", blank=True, null=True)),
        migrations.AddField(
            "shopifycart", "holds", models.JSONField("holds named by its lines", blank=True, null=True)
        ),
        AddIndexConcurrently("shopifycart", GinIndex(fields=["holds"], name="shopifycart_by_hold")),
    ]
