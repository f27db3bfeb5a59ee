"""Shopify tells the shop's time zone, in which the checkout says until when units are held."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reservations", "0033_hold_budgets")]

    operations = [
        migrations.AddField(
            "shopifyinstallation",
            "time_zone",
            models.CharField(blank=True, db_default="", default="", max_length=64, verbose_name="time zone"),
        ),
    ]
