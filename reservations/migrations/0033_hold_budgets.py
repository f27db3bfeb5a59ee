"""What shoppers may hold unpaid: the limits of a shop, whose a hold is, and what was held and not paid lately.

All columns have a default of the database, which rewrites no table and lets the release before this one go on writing.
A shop that was there keeps its limit per cart, or none, and keeps nothing back from shoppers who are not signed in.
"""

import django.core.validators
import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models

_KEY_NAMES_THE_SHOP = """
ALTER TABLE reservations_cooldown DROP CONSTRAINT reservations_cooldown_pkey;
ALTER TABLE reservations_cooldown ADD CONSTRAINT reservations_cooldown_pkey PRIMARY KEY (id, shop_id);
"""
_REASONS = [
    ("out_of_stock", "out of stock"),
    ("cart_limit_exceeded", "limit of a cart"),
    ("hold_limit_reached", "limit of unpaid holds"),
]


class Migration(migrations.Migration):
    # Each statement by itself, so that none holds a lock that a buyer waits for.
    atomic = False

    dependencies = [("reservations", "0032_shops_of_staff")]

    operations = [
        migrations.AlterField(
            model_name="shop",
            name="max_units_per_line",
            field=models.PositiveIntegerField(
                blank=True,
                default=10,
                help_text="Empty: no limit.",
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(1000000),
                ],
                verbose_name="most units per cart and SKU",
            ),
        ),
        migrations.AddField(
            model_name="shop",
            name="units_per_customer",
            field=models.PositiveIntegerField(
                db_default=10,
                default=10,
                help_text="Held in the storefront at one time by a customer who is signed in.",
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(1000000),
                ],
                verbose_name="most unpaid units per customer and SKU",
            ),
        ),
        migrations.AddField(
            model_name="shop",
            name="holds_per_customer",
            field=models.PositiveIntegerField(
                db_default=3,
                default=3,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(1000),
                ],
                verbose_name="most unpaid holds per customer and SKU",
            ),
        ),
        migrations.AddField(
            model_name="shop",
            name="units_per_address",
            field=models.PositiveIntegerField(
                db_default=20,
                default=20,
                help_text="Held in the storefront at one time. Carriers put many shoppers behind one address.",
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(1000000),
                ],
                verbose_name="most unpaid units per address and SKU",
            ),
        ),
        migrations.AddField(
            model_name="shop",
            name="holds_per_address",
            field=models.PositiveIntegerField(
                db_default=10,
                default=10,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(1000),
                ],
                verbose_name="most unpaid holds per address and SKU",
            ),
        ),
        migrations.AddField(
            model_name="shop",
            name="anonymous_percent",
            field=models.PositiveIntegerField(
                db_default=100,
                default=80,
                help_text="All of them together, of the units that are not sold; at least as many as one cart may have.",
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(100),
                ],
                verbose_name="held by shoppers who are not signed in (% of a SKU)",
            ),
        ),
        migrations.AddField(
            model_name="shop",
            name="unpaid_wait_percent",
            field=models.PositiveIntegerField(
                db_default=10,
                default=10,
                help_text="Before the same shopper holds the SKU again. It grows with the time held. 0: no wait.",
                validators=[django.core.validators.MaxValueValidator(100)],
                verbose_name="wait after a hold that was not paid (% of its time)",
            ),
        ),
        migrations.AddField(
            model_name="stockitem",
            name="anonymous",
            field=models.IntegerField(
                db_default=0,
                default=0,
                help_text="Part of the reserved units: those of shoppers who are not signed in.",
                verbose_name="held by shoppers without a number",
            ),
        ),
        migrations.AddField(
            model_name="reservation",
            name="held_by",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "the shop's server"),
                    ("customer", "a customer with a number"),
                    ("anonymous", "a shopper without a number"),
                ],
                db_default="",
                default="",
                max_length=16,
                verbose_name="held by",
            ),
        ),
        migrations.AddField(
            model_name="reservation",
            name="customer_key",
            field=models.BigIntegerField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="reservation",
            name="address_key",
            field=models.BigIntegerField(blank=True, editable=False, null=True),
        ),
        AddIndexConcurrently(
            "reservation",
            models.Index(
                fields=["shop", "customer_key"],
                name="reservation_of_customer",
                condition=models.Q(("customer_key__isnull", False)),
            ),
        ),
        AddIndexConcurrently(
            "reservation",
            models.Index(
                fields=["shop", "address_key"],
                name="reservation_of_address",
                condition=models.Q(("address_key__isnull", False)),
            ),
        ),
        migrations.CreateModel(
            name="Cooldown",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.BigIntegerField(verbose_name="key")),
                ("held_seconds", models.FloatField(verbose_name="held (seconds)")),
                ("units", models.IntegerField(verbose_name="units")),
                ("ended_at", models.DateTimeField(verbose_name="ended at")),
                (
                    "shop",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reservations.shop",
                        verbose_name="shop",
                    ),
                ),
            ],
            options={
                "verbose_name": "cool-down",
                "verbose_name_plural": "cool-downs",
                "indexes": [models.Index(fields=["shop", "ended_at"], name="cooldown_by_age")],
                "constraints": [models.UniqueConstraint(fields=("shop", "key"), name="cooldown_one_row_per_key")],
            },
        ),
        migrations.RunSQL(_KEY_NAMES_THE_SHOP, reverse_sql=migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="refusal",
            name="reason",
            field=models.CharField(choices=_REASONS, max_length=32, verbose_name="reason"),
        ),
        migrations.RemoveConstraint(model_name="refusal", name="refusal_reason_known"),
        AddConstraintNotValid(
            "refusal",
            models.CheckConstraint(
                condition=models.Q(("reason__in", [reason for reason, _ in _REASONS])), name="refusal_reason_known"
            ),
        ),
        ValidateConstraint("refusal", "refusal_reason_known"),
    ]
