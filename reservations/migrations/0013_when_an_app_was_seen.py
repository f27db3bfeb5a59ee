"""When a shop's app was last seen, and its catalogue's own problem. Names of erased shops are nobody's domain."""

from django.db import migrations, models

# Such a name could be registered at Shopify, and would then have opened the erased shop's ledger.
_RENAME = """
UPDATE reservations_shop AS shop SET domain = 'erased-' || shop.id || '.invalid'
WHERE shop.domain = 'erased-' || shop.id || '.myshopify.com'
    AND NOT EXISTS (SELECT FROM reservations_shopifyinstallation AS app WHERE app.shop_id = shop.id)
"""


class Migration(migrations.Migration):
    dependencies = [("reservations", "0012_orders_of_which_no_webhook_came")]

    operations = [
        migrations.AddField(
            model_name="shopifyinstallation",
            name="seen_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="last opened"),
        ),
        migrations.AddField(
            model_name="shopifyinstallation",
            name="links_problem",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=255, verbose_name="problem with the catalogue"
            ),
        ),
        migrations.RunSQL(_RENAME, reverse_sql=migrations.RunSQL.noop),
    ]
