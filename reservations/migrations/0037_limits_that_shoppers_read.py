"""What the theme was told of the shop's limits, so that we tell it again when they change."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reservations", "0036_deliveries_that_move_stock")]

    operations = [
        migrations.AddField(
            "shopifyinstallation", "limits_told", models.JSONField(blank=True, editable=False, null=True)
        ),
    ]
