"""The publisher of inventory notes when it last knew of every order, and need not read the list again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reservations", "0027_list_of_what_sells_without_stock")]

    operations = [
        migrations.AddField(
            "shopifyinstallation",
            "orders_heard_until",
            models.DateTimeField(blank=True, editable=False, null=True),
        ),
    ]
