"""A person can close a shortfall: who and how stand beside it, and the ledger gets a kind for it."""

from django.db import migrations, models

KINDS = ["count", "reserved", "changed", "confirmed", "released", "expired", "sold", "taken_back", "shortfall"]
NEW_KINDS = [*KINDS, "settled"]
MAY_MOVE_NOTHING = ["count", "shortfall", "taken_back"]
NEW_MAY_MOVE_NOTHING = ["count", "shortfall", "settled", "taken_back"]


def rules(kinds: list[str], may_move_nothing: list[str]) -> list[models.CheckConstraint]:
    return [
        models.CheckConstraint(condition=models.Q(("kind__in", kinds)), name="movement_kind_known"),
        models.CheckConstraint(
            condition=models.Q(
                ("kind__in", may_move_nothing),
                models.Q(("in_flight_delta", 0), ("on_hand_delta", 0), ("reserved_delta", 0), _negated=True),
                _connector="OR",
            ),
            name="movement_moves_something",
        ),
    ]


def replace_sql(kinds: list[str], may_move_nothing: list[str]) -> tuple[str, ...]:
    """The new rules hold for what is written from now on; what is there is checked without stopping anybody."""
    known = ", ".join(f"'{kind}'" for kind in kinds)
    still = ", ".join(f"'{kind}'" for kind in may_move_nothing)
    return (
        f"""
        ALTER TABLE reservations_stockmovement
            DROP CONSTRAINT movement_kind_known,
            DROP CONSTRAINT movement_moves_something,
            ADD CONSTRAINT movement_kind_known CHECK (kind IN ({known})) NOT VALID,
            ADD CONSTRAINT movement_moves_something CHECK (
                kind IN ({still}) OR NOT (in_flight_delta = 0 AND on_hand_delta = 0 AND reserved_delta = 0)
            ) NOT VALID
        """,
        "ALTER TABLE reservations_stockmovement VALIDATE CONSTRAINT movement_kind_known",
        "ALTER TABLE reservations_stockmovement VALIDATE CONSTRAINT movement_moves_something",
    )


class Migration(migrations.Migration):
    # Each statement by itself, so that the validation of old rows holds no lock that a sale waits for.
    atomic = False

    dependencies = [("reservations", "0008_reservations_that_ended")]

    operations = [
        migrations.AddField(
            model_name="shortfall",
            name="resolved_by",
            field=models.CharField(blank=True, db_default="", default="", max_length=200, verbose_name="resolved by"),
        ),
        migrations.AddField(
            model_name="shortfall",
            name="resolution",
            field=models.CharField(blank=True, db_default="", default="", max_length=255, verbose_name="resolution"),
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
                ],
                max_length=16,
                verbose_name="kind",
            ),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    replace_sql(NEW_KINDS, NEW_MAY_MOVE_NOTHING), reverse_sql=replace_sql(KINDS, MAY_MOVE_NOTHING)
                )
            ],
            state_operations=[
                *(
                    migrations.RemoveConstraint(model_name="stockmovement", name=rule.name)
                    for rule in rules(NEW_KINDS, NEW_MAY_MOVE_NOTHING)
                ),
                *(
                    migrations.AddConstraint(model_name="stockmovement", constraint=rule)
                    for rule in rules(NEW_KINDS, NEW_MAY_MOVE_NOTHING)
                ),
            ],
        ),
    ]
