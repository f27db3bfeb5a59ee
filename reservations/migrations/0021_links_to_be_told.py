"""The links of which nobody has told whether they sell without stock, for the sweep that asks. Built beside the writes."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("reservations", "0020_selling_without_stock")]

    operations = [
        AddIndexConcurrently(
            "skulink",
            models.Index(condition=Q(tracked_at=None) | Q(policy_at=None), fields=["shop"], name="skulink_untold"),
        ),
    ]
