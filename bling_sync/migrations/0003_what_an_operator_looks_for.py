"""An index over events, which may be many: built while they are read and written. The rest is names."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("bling_sync", "0002_database_rules")]

    operations = [
        migrations.AlterModelOptions(name="lease", options={"verbose_name": "lease", "verbose_name_plural": "leases"}),
        migrations.AlterModelOptions(
            name="requestslot", options={"verbose_name": "request slot", "verbose_name_plural": "request slots"}
        ),
        migrations.AlterModelOptions(
            name="tokencall", options={"verbose_name": "call for tokens", "verbose_name_plural": "calls for tokens"}
        ),
        migrations.AlterField(
            model_name="lease",
            name="shop",
            field=models.ForeignKey(
                db_index=False,
                on_delete=models.CASCADE,
                related_name="+",
                to="reservations.shop",
                verbose_name="shop",
            ),
        ),
        migrations.AlterField(
            model_name="lease", name="name", field=models.CharField(max_length=32, verbose_name="work")
        ),
        migrations.AlterField(model_name="lease", name="holder", field=models.UUIDField(verbose_name="holder")),
        migrations.AlterField(model_name="lease", name="until", field=models.DateTimeField(verbose_name="until")),
        migrations.AlterField(
            model_name="requestslot",
            name="limit_key",
            field=models.CharField(max_length=80, primary_key=True, serialize=False, verbose_name="company"),
        ),
        migrations.AlterField(
            model_name="requestslot", name="free_at", field=models.DateTimeField(verbose_name="free at")
        ),
        migrations.AlterField(
            model_name="tokencall", name="at", field=models.DateTimeField(db_index=True, verbose_name="at")
        ),
        AddIndexConcurrently(
            model_name="webhookevent",
            index=models.Index(
                condition=models.Q(("store_number", ""), _negated=True),
                fields=["shop", "store_number"],
                name="bling_webhook_of_order",
            ),
        ),
    ]
