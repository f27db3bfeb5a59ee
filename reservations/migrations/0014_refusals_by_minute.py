"""How many buyers were turned away, by SKU, reason and minute. A new table: nothing waits for it.

Its primary key names the shop, as in 0002, so that the table can be distributed by shop.
"""

import django.db.models.deletion
from django.db import migrations, models

_KEY_NAMES_THE_SHOP = """
ALTER TABLE reservations_refusal DROP CONSTRAINT reservations_refusal_pkey;
ALTER TABLE reservations_refusal ADD CONSTRAINT reservations_refusal_pkey PRIMARY KEY (id, shop_id);
"""


class Migration(migrations.Migration):
    dependencies = [("reservations", "0013_when_an_app_was_seen")]

    operations = [
        migrations.CreateModel(
            name="Refusal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reason",
                    models.CharField(
                        choices=[("out_of_stock", "out of stock"), ("cart_limit_exceeded", "limit of a cart")],
                        max_length=32,
                        verbose_name="reason",
                    ),
                ),
                ("minute", models.DateTimeField(verbose_name="minute")),
                ("refusals", models.BigIntegerField(verbose_name="refusals")),
                ("units", models.BigIntegerField(verbose_name="units asked for")),
                ("available", models.IntegerField(blank=True, null=True, verbose_name="available at the last")),
                ("next_release", models.DateTimeField(blank=True, null=True, verbose_name="next release")),
                ("most_units", models.IntegerField(blank=True, null=True, verbose_name="most units of a cart")),
                ("last_at", models.DateTimeField(verbose_name="last refused")),
                (
                    "shop",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refusals",
                        to="reservations.shop",
                        verbose_name="shop",
                    ),
                ),
                (
                    "stock_item",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refusals",
                        to="reservations.stockitem",
                        verbose_name="SKU",
                    ),
                ),
            ],
            options={
                "verbose_name": "refusal",
                "verbose_name_plural": "refusals",
                "indexes": [models.Index(fields=["shop", "minute"], name="refusal_by_age")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop", "stock_item", "minute", "reason"), name="refusal_one_row_per_minute_and_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason__in", ["out_of_stock", "cart_limit_exceeded"])),
                        name="refusal_reason_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("refusals__gte", 1), ("units__gte", 1)), name="refusal_counts_something"
                    ),
                ],
            },
        ),
        migrations.RunSQL(_KEY_NAMES_THE_SHOP, reverse_sql=migrations.RunSQL.noop),
    ]
