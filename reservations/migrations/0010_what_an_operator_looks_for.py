"""Indexes over tables that may be large, built while they are read and written."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, Left


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("reservations", "0009_shortfalls_are_resolved")]

    operations = [
        migrations.AlterModelOptions(
            name="heartbeat",
            options={"verbose_name": "heartbeat", "verbose_name_plural": "heartbeats"},
        ),
        migrations.AlterField(model_name="heartbeat", name="at", field=models.DateTimeField(verbose_name="at")),
        migrations.AlterField(
            model_name="heartbeat",
            name="name",
            field=models.CharField(max_length=50, primary_key=True, serialize=False, verbose_name="name"),
        ),
        AddIndexConcurrently(
            model_name="shopifyorder",
            index=models.Index(
                condition=models.Q(("name", ""), _negated=True), fields=["shop", "name"], name="shopifyorder_by_name"
            ),
        ),
        AddIndexConcurrently(
            model_name="webhookdelivery",
            index=models.Index(
                "shop",
                Left(
                    Coalesce(KT("payload__order_id"), KT("payload__order_edit__order_id"), KT("payload__id")),
                    64,
                ),
                name="delivery_by_subject",
            ),
        ),
        AddIndexConcurrently(
            model_name="webhookdelivery",
            index=models.Index(
                condition=models.Q(("event_id", ""), _negated=True),
                fields=["shop", "event_id"],
                name="delivery_by_event",
            ),
        ),
    ]
