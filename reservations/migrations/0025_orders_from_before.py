"""Units of older orders that come back, how far those orders were read, and what unpaid ones among them mean."""

from django.db import migrations, models
from django.db.models import F, Q

RULE = models.CheckConstraint(
    condition=Q(("sold_before", False), Q(("returned", F("quantity")), ("status", "confirmed")), _connector="OR"),
    name="reservation_sold_before_is_returned",
)
# It holds for what is written from now on; what is there is checked without stopping anybody.
ADD = (
    """
    ALTER TABLE reservations_reservation ADD CONSTRAINT reservation_sold_before_is_returned
        CHECK (NOT sold_before OR (status = 'confirmed' AND returned = quantity)) NOT VALID
    """,
    "ALTER TABLE reservations_reservation VALIDATE CONSTRAINT reservation_sold_before_is_returned",
)
DROP = "ALTER TABLE reservations_reservation DROP CONSTRAINT IF EXISTS reservation_sold_before_is_returned"


class Migration(migrations.Migration):
    # Each statement by itself, so that the validation of old rows holds no lock that a sale waits for.
    atomic = False

    dependencies = [("reservations", "0024_tills_and_test_orders")]

    operations = [
        migrations.AddField(
            model_name="reservation",
            name="sold_before",
            field=models.BooleanField(
                db_default=False, default=False, verbose_name="sold before the stock was counted"
            ),
        ),
        migrations.AlterField(
            model_name="shopifyorder",
            name="zero",
            field=models.JSONField(blank=True, null=True, verbose_name="as it was at the installation"),
        ),
        migrations.AddField(
            model_name="shop",
            name="counts_pending_orders",
            field=models.BooleanField(
                db_default=True,
                default=True,
                help_text="Off: the ERP's count has left their units out already, as it has those of paid orders.",
                verbose_name="orders that awaited their payment at the installation hold units",
            ),
        ),
        migrations.AddField(
            model_name="shopifyinstallation",
            name="older_orders_read_until",
            field=models.DateTimeField(blank=True, null=True, verbose_name="orders from before it read up to"),
        ),
        migrations.AddField(
            model_name="shopifyinstallation",
            name="older_orders_lease",
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="shopifyinstallation",
            name="older_orders_lease_until",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL((DROP, *ADD), reverse_sql=DROP)],
            state_operations=[migrations.AddConstraint(model_name="reservation", constraint=RULE)],
        ),
    ]
