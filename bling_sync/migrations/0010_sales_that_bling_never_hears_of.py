"""The sales of test orders get a row in the outbox that is never sent."""

from django.db import migrations, models

STATES = ["pending", "sending", "sent", "unknown", "settled", "failed", "cancelled"]
NEW_STATES = [*STATES, "withheld"]
NAMES = {
    "pending": "pending",
    "sending": "sending",
    "sent": "sent",
    "unknown": "unknown",
    "settled": "settled",
    "failed": "refused by Bling",
    "cancelled": "cancelled",
    "withheld": "not told: a test order",
}


def rule(states: list[str]) -> models.CheckConstraint:
    return models.CheckConstraint(condition=models.Q(("state__in", states)), name="bling_push_state_known")


def replace_sql(states: list[str]) -> tuple[str, ...]:
    """The new rule holds for what is written from now on; what is there is checked without stopping anybody."""
    known = ", ".join(f"'{state}'" for state in states)
    return (
        f"""
        ALTER TABLE bling_sync_push
            DROP CONSTRAINT bling_push_state_known,
            ADD CONSTRAINT bling_push_state_known CHECK (state IN ({known})) NOT VALID
        """,
        "ALTER TABLE bling_sync_push VALIDATE CONSTRAINT bling_push_state_known",
    )


class Migration(migrations.Migration):
    # Each statement by itself, so that the validation of old rows holds no lock that a sale waits for.
    atomic = False

    dependencies = [("bling_sync", "0009_sales_that_share_a_call")]

    operations = [
        migrations.AlterField(
            model_name="push",
            name="state",
            field=models.CharField(choices=list(NAMES.items()), default="pending", max_length=12, verbose_name="state"),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(replace_sql(NEW_STATES), reverse_sql=replace_sql(STATES))],
            state_operations=[
                migrations.RemoveConstraint(model_name="push", name="bling_push_state_known"),
                migrations.AddConstraint(model_name="push", constraint=rule(NEW_STATES)),
            ],
        ),
    ]
