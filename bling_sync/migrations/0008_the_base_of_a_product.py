"""The base of each product; and our own sales, which are no difference of the merchant's, leave the list of those."""

from django.db import migrations, models


def units() -> "models.Field[object, object]":
    return models.DecimalField(blank=True, decimal_places=4, max_digits=16, null=True)  # type: ignore[misc]


class Migration(migrations.Migration):
    dependencies = [("bling_sync", "0007_what_an_import_costs")]

    # Columns without a value take no time, however large the table.
    operations = [
        *(
            migrations.AddField("product", name, units())
            for name in ("base_virtual", "base_physical", "others_seen", "others_virtual", "others_physical")
        ),
        migrations.AddField(
            "product", "base_at", models.DateTimeField(blank=True, null=True, verbose_name="decided at")
        ),
        migrations.AddField("product", "others_since", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("product", "undecided_since", models.DateTimeField(blank=True, null=True)),
        migrations.RunSQL(
            "DELETE FROM bling_sync_difference WHERE cause = 'in_flight'", migrations.RunSQL.noop, elidable=True
        ),
    ]
