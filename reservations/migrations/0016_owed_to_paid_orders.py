"""Paid orders that lack units get the next free ones.

What was open before this release is kept out: nobody can know whether the merchant has helped those buyers by now, so a
person lets each of them in. ``stockitem.owed`` begins at 0 and is right without a step of its own.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Now

KINDS = [
    "count",
    "reserved",
    "changed",
    "confirmed",
    "released",
    "expired",
    "sold",
    "taken_back",
    "shortfall",
    "settled",
    "extended",
]
NEW_KINDS = [*KINDS[:10], "rescued", "extended"]
KIND_RULE = "movement_kind_known"
OWED_RULE = "stockitem_owed_not_negative"


def known_kinds(kinds: list[str]) -> models.CheckConstraint:
    return models.CheckConstraint(condition=models.Q(("kind__in", kinds)), name=KIND_RULE)


def replace_sql(kinds: list[str]) -> tuple[str, str]:
    """The new rule holds for what is written from now on; what is there is checked without stopping anybody."""
    known = ", ".join(f"'{kind}'" for kind in kinds)
    return (
        f"""
        ALTER TABLE reservations_stockmovement
            DROP CONSTRAINT {KIND_RULE},
            ADD CONSTRAINT {KIND_RULE} CHECK (kind IN ({known})) NOT VALID
        """,
        f"ALTER TABLE reservations_stockmovement VALIDATE CONSTRAINT {KIND_RULE}",
    )


_OWED_NOT_NEGATIVE = (
    f"ALTER TABLE reservations_stockitem ADD CONSTRAINT {OWED_RULE} CHECK (owed >= 0) NOT VALID",
    f"ALTER TABLE reservations_stockitem VALIDATE CONSTRAINT {OWED_RULE}",
)
# One row for each order and SKU that ever fell short: a small table.
_OPEN_BEFORE = """
UPDATE reservations_shortfall
SET paid_at = created_at,
    kept_out_by = CASE WHEN resolved_at IS NULL AND quantity > 0 THEN 'upgrade' ELSE '' END
"""


class Migration(migrations.Migration):
    # Each statement by itself, so that none holds a lock that a sale waits for.
    atomic = False

    dependencies = [("reservations", "0015_walks_through_catalogues")]

    operations = [
        migrations.AddField(
            model_name="shop",
            name="rescue_paid_orders",
            field=models.BooleanField(
                db_default=True,
                default=True,
                help_text="An order that was paid when no unit was free gets the next one, before it is offered to others.",
                verbose_name="paid orders get the next free unit",
            ),
        ),
        migrations.AddField(
            model_name="stockitem",
            name="owed",
            field=models.IntegerField(
                db_default=0,
                default=0,
                help_text="Units that paid orders lack. The next free ones are theirs.",
                verbose_name="owed to paid orders",
            ),
        ),
        migrations.AddField(
            model_name="shortfall",
            name="paid_at",
            field=models.DateTimeField(db_default=Now(), verbose_name="paid at"),
        ),
        migrations.AddField(
            model_name="shortfall",
            name="kept_out_by",
            field=models.CharField(blank=True, db_default="", default="", max_length=200, verbose_name="kept out by"),
        ),
        migrations.AddField(
            model_name="shortfall",
            name="cause",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "not noted"),
                    ("counted_low", "the count was below what was promised"),
                    ("held", "other carts held the last units"),
                    ("sold_out", "all units were sold"),
                ],
                db_default="",
                default="",
                editable=False,
                max_length=16,
                verbose_name="cause",
            ),
        ),
        migrations.AddField(
            model_name="shopifyorder",
            name="paid_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="paid at"),
        ),
        migrations.AddField(
            model_name="shopifyorder",
            name="currency",
            field=models.CharField(blank=True, db_default="", default="", max_length=3, verbose_name="currency"),
        ),
        migrations.AlterField(
            model_name="shopifyorder",
            name="tag",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "none"),
                    ("wanted", "to be written"),
                    ("written", "written"),
                    ("unwanted", "to be taken off"),
                ],
                default="",
                max_length=16,
                verbose_name="tag",
            ),
        ),
        migrations.AlterField(
            model_name="stockmovement",
            name="kind",
            field=models.CharField(
                choices=[
                    ("count", "count"),
                    ("reserved", "reserved"),
                    ("changed", "quantity changed"),
                    ("confirmed", "confirmed"),
                    ("released", "released"),
                    ("expired", "expired"),
                    ("sold", "sold without a hold"),
                    ("taken_back", "taken back"),
                    ("shortfall", "shortfall"),
                    ("settled", "shortfall settled"),
                    ("rescued", "sold to an order that lacked it"),
                    ("extended", "given more time"),
                ],
                max_length=16,
                verbose_name="kind",
            ),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(replace_sql(NEW_KINDS), reverse_sql=replace_sql(KINDS))],
            state_operations=[
                migrations.RemoveConstraint(model_name="stockmovement", name=KIND_RULE),
                migrations.AddConstraint(model_name="stockmovement", constraint=known_kinds(NEW_KINDS)),
            ],
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    _OWED_NOT_NEGATIVE, reverse_sql=f"ALTER TABLE reservations_stockitem DROP CONSTRAINT {OWED_RULE}"
                )
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name="stockitem",
                    constraint=models.CheckConstraint(condition=models.Q(("owed__gte", 0)), name=OWED_RULE),
                )
            ],
        ),
        migrations.RunSQL(_OPEN_BEFORE, reverse_sql=migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name="stockitem",
            index=models.Index(condition=models.Q(("owed__gt", 0)), fields=["shop"], name="stockitem_owes"),
        ),
        AddIndexConcurrently(
            model_name="shortfall",
            index=models.Index(
                condition=models.Q(("quantity__gt", 0), ("resolved_at", None)),
                fields=["shop", "stock_item", "paid_at", "order_id"],
                name="shortfall_in_turn",
            ),
        ),
        AddIndexConcurrently(
            model_name="shopifyorder",
            index=models.Index(
                condition=models.Q(("tag", ""), _negated=True), fields=["shop"], name="shopifyorder_tagged"
            ),
        ),
    ]
