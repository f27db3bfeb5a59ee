"""What a merchant asks for on a page and a worker does. Columns that may be empty: the release before runs on them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bling_sync", "0003_what_an_operator_looks_for")]

    operations = [
        migrations.AddField(
            model_name="connection",
            name="deposit_choices",
            field=models.JSONField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="connection",
            name="setup_due_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="importrun",
            name="emptied",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="SKUs that it empties"),
        ),
        migrations.AddField(
            model_name="importrun",
            name="stocked",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="SKUs with units before"),
        ),
        migrations.AddField(
            model_name="importrun",
            name="undo_asked_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="undoing asked for at"),
        ),
    ]
