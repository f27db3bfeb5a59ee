"""Of the units in flight, those that the last count may show already, and until when."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reservations", "0017_locations_at_shopify")]

    # PostgreSQL keeps the default, so that it rewrites nothing and older processes may still add rows.
    operations = [
        migrations.AddField(
            "stockitem",
            "in_doubt",
            models.IntegerField(
                db_default=0,
                default=0,
                help_text="Units in flight that the last count may show already.",
                verbose_name="in doubt",
            ),
        ),
        migrations.AddField(
            "stockitem",
            "doubt_until",
            models.DateTimeField(blank=True, null=True, verbose_name="in doubt until"),
        ),
    ]
