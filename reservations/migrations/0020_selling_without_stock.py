"""Which variants sell without stock, as of when that was told, and which stock items therefore do.

PostgreSQL keeps the defaults, so that it rewrites nothing and older processes may still add rows. Every link counts as
untold until the next walk through its catalogue, which begins by itself.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reservations", "0019_holds_that_carts_name")]

    operations = [
        migrations.AddField(
            "skulink",
            "tracked_at",
            models.DateTimeField(blank=True, null=True, verbose_name="tracking told as of"),
        ),
        migrations.AddField(
            "skulink",
            "continues_selling",
            models.BooleanField(db_default=False, default=False, verbose_name="continues selling when out of stock"),
        ),
        migrations.AddField(
            "skulink",
            "policy_at",
            models.DateTimeField(blank=True, null=True, verbose_name="policy told as of"),
        ),
        migrations.AddField(
            "stockitem",
            "sells_without_stock",
            models.BooleanField(
                db_default=False,
                default=False,
                help_text="Every variant of it at Shopify continues selling when out of stock, or is not tracked.",
                verbose_name="sells without stock",
            ),
        ),
    ]
