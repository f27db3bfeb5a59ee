"""Sales of a product that wait go to Bling in one call: which call tells of a sale, and one call at a time."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

UNDECIDED = models.Q(("state", "sending")) | models.Q(("escalated_at__isnull", True), ("state", "unknown"))


def rule(name: str, condition: models.Q) -> models.UniqueConstraint:
    return models.UniqueConstraint(condition=condition, fields=("shop", "product"), name=name)


def index_sql(name: str, condition: str) -> tuple[str, str]:
    """A half-made index of a try that was stopped goes first."""
    return (
        f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
        f"CREATE UNIQUE INDEX CONCURRENTLY {name} ON bling_sync_push (shop_id, product_id) WHERE {condition}",
    )


OLD, NEW = "bling_push_one_at_a_time", "bling_push_one_call_at_a_time"
OLD_SQL = index_sql(OLD, "state = 'sending' OR (state = 'unknown' AND escalated_at IS NULL)")
NEW_SQL = index_sql(NEW, "carried_by IS NULL AND (state = 'sending' OR (state = 'unknown' AND escalated_at IS NULL))")
GONE_SQL = "DROP INDEX CONCURRENTLY IF EXISTS {name}"


class Migration(migrations.Migration):
    # Each statement by itself: nobody who sells waits for an index.
    atomic = False

    dependencies = [("bling_sync", "0008_the_base_of_a_product")]

    # The old rule goes when the new one is there: at no moment may two calls of one product be under way.
    operations = [
        migrations.AddField(
            "push",
            "carried_by",
            models.BigIntegerField(blank=True, null=True, verbose_name="told by the call of push"),
        ),
        migrations.AddField(
            "push",
            "carries",
            models.IntegerField(db_default=0, default=0, verbose_name="units of other sales in its call"),
        ),
        AddIndexConcurrently(
            "push",
            models.Index(
                condition=models.Q(("carried_by__isnull", False)),
                fields=["shop", "carried_by"],
                name="bling_push_carried",
            ),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(NEW_SQL, GONE_SQL.format(name=NEW)),
                migrations.RunSQL(GONE_SQL.format(name=OLD), OLD_SQL),
            ],
            state_operations=[
                migrations.RemoveConstraint("push", OLD),
                migrations.AddConstraint("push", rule(NEW, models.Q(("carried_by__isnull", True), UNDECIDED))),
            ],
        ),
    ]
