"""The checkout's function reads less: a title is told with each scarce variant, and a shop has one table of holds."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reservations", "0029_confirmation_numbers")]

    operations = [
        migrations.AddField(
            "variantguard",
            "title",
            models.CharField(blank=True, db_default="", default="", max_length=255, verbose_name="title"),
        ),
        migrations.AddField("shopifyinstallation", "guard_lease", models.UUIDField(editable=False, null=True)),
        migrations.AddField(
            "shopifyinstallation", "guard_lease_until", models.DateTimeField(editable=False, null=True)
        ),
        migrations.AddField(
            "shopifyinstallation", "hold_table_told", models.JSONField(blank=True, editable=False, null=True)
        ),
    ]
