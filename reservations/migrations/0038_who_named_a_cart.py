"""Whose word it is that a cart of Shopify's is one of ours."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reservations", "0037_limits_that_shoppers_read")]

    operations = [
        migrations.AddField(
            "shopifycart",
            "named_by",
            models.CharField(
                choices=[
                    ("lines", "the cart's lines, or nobody yet"),
                    ("script", "the shopper's script"),
                    ("token", "Shopify's token alone"),
                ],
                db_default="lines",
                default="lines",
                max_length=8,
                verbose_name="named by",
            ),
        )
    ]
