"""What made an order, whether it is a test, and what a shop wants of either."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reservations", "0023_what_orders_were")]

    operations = [
        migrations.AddField(
            "shop",
            "tell_test_orders",
            models.BooleanField(
                db_default=False,
                default=False,
                help_text="Their units leave the stock here as at Shopify, and come back when they are cancelled.",
                verbose_name="the ERP hears of test orders",
            ),
        ),
        migrations.AddField(
            "shop",
            "till_takes_holds",
            models.BooleanField(
                db_default=False,
                default=False,
                help_text=(
                    "A sale at the till of a unit that a cart holds ends the newest holds. Else the sale falls short."
                ),
                verbose_name="a till takes units that carts hold",
            ),
        ),
        migrations.AddField(
            "shopifyorder", "is_test", models.BooleanField(db_default=False, default=False, verbose_name="test order")
        ),
        migrations.AddField(
            "shopifyorder",
            "source",
            models.CharField(blank=True, db_default="", default="", max_length=64, verbose_name="source"),
        ),
    ]
