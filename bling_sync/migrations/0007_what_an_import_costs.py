"""An import can be cancelled, goes on from its rehearsal, and keeps what it costs, from which estimates are made."""

import django.db.models.deletion
from django.db import migrations, models

STATES = ["running", "rehearsed", "braked", "applied", "undone", "failed"]
NEW_STATES = ["running", "rehearsed", "braked", "applied", "cancelled", "undone", "failed"]


def rule(states: list[str]) -> models.CheckConstraint:
    return models.CheckConstraint(condition=models.Q(("state__in", states)), name="bling_import_state_known")


def replace_sql(states: list[str]) -> tuple[str, ...]:
    """The new rule holds for what is written from now on; what is there is checked without stopping anybody."""
    known = ", ".join(f"'{state}'" for state in states)
    return (
        f"""
        ALTER TABLE bling_sync_importrun
            DROP CONSTRAINT bling_import_state_known,
            ADD CONSTRAINT bling_import_state_known CHECK (state IN ({known})) NOT VALID
        """,
        "ALTER TABLE bling_sync_importrun VALIDATE CONSTRAINT bling_import_state_known",
    )


class Migration(migrations.Migration):
    # Each statement by itself, so that the validation of old rows holds no lock that an import waits for.
    atomic = False

    dependencies = [("bling_sync", "0006_sku_changed_in_bling")]

    operations = [
        migrations.AddField(
            model_name="connection",
            name="products_seen",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="products seen"),
        ),
        migrations.AddField(
            model_name="importrun",
            name="based_on",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="bling_sync.importrun",
                verbose_name="goes on from the dry run",
            ),
        ),
        migrations.AddField(
            model_name="importrun",
            name="calls",
            field=models.PositiveIntegerField(db_default=0, default=0, verbose_name="calls to Bling"),
        ),
        migrations.AddField(
            model_name="importrun", name="call_seconds", field=models.FloatField(db_default=0, default=0)
        ),
        migrations.AddField(
            model_name="importrun", name="apply_seconds", field=models.FloatField(db_default=0, default=0)
        ),
        migrations.AddField(
            model_name="importrun",
            name="cancel_asked_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="cancelling asked for at"),
        ),
        migrations.AlterField(
            model_name="importrun",
            name="state",
            field=models.CharField(
                choices=[
                    ("running", "running"),
                    ("rehearsed", "dry run finished"),
                    ("braked", "stopped at the brake"),
                    ("applied", "applied"),
                    ("cancelled", "cancelled"),
                    ("undone", "undone"),
                    ("failed", "failed"),
                ],
                default="running",
                max_length=12,
                verbose_name="state",
            ),
        ),
        migrations.AlterField(
            model_name="importline",
            name="verdict",
            field=models.CharField(
                blank=True,
                choices=[
                    ("exact", "SKU matches exactly"),
                    ("new", "new SKU: will be added"),
                    ("replaced", "its product has another SKU now: none are left of this one"),
                    ("similar", "differs only in case or spaces"),
                    ("blank", "has no SKU in Bling"),
                    ("unfit", "cannot be a SKU"),
                    ("duplicate", "SKU occurs more than once in Bling"),
                    ("renamed", "has another SKU in Bling than when it was taken"),
                    ("missing", "is not in Bling"),
                    ("kit", "kit: its balance comes from its parts"),
                    ("lot", "kept by lots"),
                    ("fractional", "balance is not whole"),
                    ("parent", "has variations and no stock of its own"),
                    ("service", "not a product"),
                    ("unread", "Bling did not tell its balance"),
                    ("gone", "is no longer active in Bling"),
                ],
                default="",
                max_length=12,
                verbose_name="verdict",
            ),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(replace_sql(NEW_STATES), reverse_sql=replace_sql(STATES))],
            state_operations=[
                migrations.RemoveConstraint(model_name="importrun", name="bling_import_state_known"),
                migrations.AddConstraint(model_name="importrun", constraint=rule(NEW_STATES)),
            ],
        ),
    ]
