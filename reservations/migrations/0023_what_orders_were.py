"""Orders keep their returns, when each refund was made, and what they were before the installation."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reservations", "0022_unpaid_orders"),
    ]

    operations = [
        migrations.AddField(
            model_name="shopifyorder",
            name="current_units",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="units still in the order"),
        ),
        migrations.AddField(
            model_name="shopifyorder",
            name="ordered_units",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="units ordered"),
        ),
        migrations.AddField(
            model_name="shopifyorder",
            name="refunded_at",
            field=models.JSONField(blank=True, db_default={}, default=dict, verbose_name="refunded at"),
        ),
        migrations.AddField(
            model_name="shopifyorder",
            name="returns",
            field=models.JSONField(blank=True, db_default={}, default=dict, verbose_name="returns"),
        ),
        migrations.AddField(
            model_name="shopifyorder",
            name="zero",
            field=models.JSONField(blank=True, null=True, verbose_name="units before the installation"),
        ),
    ]
