"""What was read of Bling's sales channels, and when: so that one that comes or goes later is noticed."""

from django.db import migrations, models

KNOWN_BY_THE_MODE = """
UPDATE bling_sync_connection SET shopify_channel = (mode_reason = 'shopify_channel')
WHERE mode_reason IN ('shopify_channel', 'no_shopify_channel')
"""


class Migration(migrations.Migration):
    dependencies = [("bling_sync", "0004_what_a_page_asks_for")]

    operations = [
        migrations.AddField(
            model_name="connection",
            name="shopify_channel",
            field=models.BooleanField(blank=True, null=True, verbose_name="Shopify channel in Bling"),
        ),
        migrations.AddField(
            model_name="connection",
            name="channels_read_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="sales channels read at"),
        ),
        migrations.AddField(
            model_name="connection",
            name="suggested_mode",
            field=models.CharField(
                blank=True,
                choices=[
                    ("observe", "observe: Bling imports the order by itself"),
                    ("movement", "movement: we book the units out"),
                    ("order", "order: we make a sales order and book it out"),
                ],
                default="",
                max_length=12,
                verbose_name="suggested mode",
            ),
        ),
        migrations.RunSQL(KNOWN_BY_THE_MODE, migrations.RunSQL.noop),
    ]
