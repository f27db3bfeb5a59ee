"""The shop's locations at Shopify by name. A nullable column: nothing waits for it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reservations", "0016_owed_to_paid_orders")]

    operations = [
        migrations.AddField(
            model_name="shopifyinstallation",
            name="locations",
            field=models.JSONField(blank=True, editable=False, null=True),
        ),
    ]
