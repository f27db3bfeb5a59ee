"""By which a customer's page names an order as its own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reservations", "0028_orders_heard_until")]

    operations = [
        migrations.AddField(
            "shopifyorder",
            "confirmation",
            models.CharField(
                blank=True,
                db_default="",
                default="",
                editable=False,
                max_length=32,
                verbose_name="confirmation number",
            ),
        )
    ]
