"""How far we are in a shop's catalogue, and since when a variant has its SKU. A new table and a nullable column.

Its primary key names the shop, as in 0002, so that the table can be distributed by shop.
"""

import django.db.models.deletion
from django.db import migrations, models

_KEY_NAMES_THE_SHOP = """
ALTER TABLE reservations_cataloguewalk DROP CONSTRAINT reservations_cataloguewalk_pkey;
ALTER TABLE reservations_cataloguewalk ADD CONSTRAINT reservations_cataloguewalk_pkey PRIMARY KEY (id, shop_id);
"""


class Migration(migrations.Migration):
    dependencies = [("reservations", "0014_refusals_by_minute")]

    operations = [
        migrations.CreateModel(
            name="CatalogueWalk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked_at", models.DateTimeField(blank=True, null=True, verbose_name="asked for at")),
                ("began_at", models.DateTimeField(blank=True, null=True, verbose_name="began at")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended at")),
                ("cursor", models.TextField(blank=True, default="", editable=False)),
                ("variants", models.PositiveIntegerField(default=0, verbose_name="variants read")),
                ("retry_at", models.DateTimeField(blank=True, null=True, verbose_name="next attempt at")),
                ("failures", models.PositiveIntegerField(default=0, verbose_name="failures")),
                ("lease", models.UUIDField(editable=False, null=True)),
                ("lease_until", models.DateTimeField(editable=False, null=True)),
                (
                    "shop",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="catalogue_walk",
                        to="reservations.shop",
                        verbose_name="shop",
                    ),
                ),
            ],
            options={
                "verbose_name": "walk through a catalogue",
                "verbose_name_plural": "walks through catalogues",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ended_at", None), ("began_at__isnull", False), _connector="OR"),
                        name="cataloguewalk_ends_after_it_began",
                    )
                ],
            },
        ),
        migrations.RunSQL(_KEY_NAMES_THE_SHOP, reverse_sql=migrations.RunSQL.noop),
        migrations.AddField(
            model_name="skulink",
            name="sku_since",
            field=models.DateTimeField(blank=True, null=True, verbose_name="has this SKU since"),
        ),
    ]
