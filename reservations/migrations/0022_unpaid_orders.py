"""Unpaid orders hold their units until their payment is due.

All columns have a default of the database, which rewrites no table and lets the release before this one go on writing.
An order that was known before stays what it was: sold.
"""

import django.core.validators
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Each statement by itself, so that none holds a lock that an order waits for.
    atomic = False

    dependencies = [
        ("reservations", "0021_links_to_be_told"),
    ]

    operations = [
        migrations.AddField(
            model_name="shop",
            name="boleto_bank_days",
            field=models.PositiveIntegerField(
                db_default=3,
                default=3,
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(60)],
                verbose_name="a boleto is awaited for (bank days)",
            ),
        ),
        migrations.AddField(
            model_name="shop",
            name="cancel_unpaid_orders",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Shopify keeps an unpaid order's units out of its own stock until the order is cancelled.",
                verbose_name="orders that were not paid in time are cancelled at Shopify",
            ),
        ),
        migrations.AddField(
            model_name="shop",
            name="card_minutes",
            field=models.PositiveIntegerField(
                db_default=15,
                default=15,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(10080),
                ],
                verbose_name="a card payment is awaited for (minutes)",
            ),
        ),
        migrations.AddField(
            model_name="shop",
            name="deposit_bank_days",
            field=models.PositiveIntegerField(
                db_default=3,
                default=3,
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(60)],
                verbose_name="a deposit or transfer is awaited for (bank days)",
            ),
        ),
        migrations.AddField(
            model_name="shop",
            name="other_bank_days",
            field=models.PositiveIntegerField(
                db_default=3,
                default=3,
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(60)],
                verbose_name="any other payment is awaited for (bank days)",
            ),
        ),
        migrations.AddField(
            model_name="shop",
            name="pix_minutes",
            field=models.PositiveIntegerField(
                db_default=30,
                default=30,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(10080),
                ],
                verbose_name="a Pix is awaited for (minutes)",
            ),
        ),
        migrations.AddField(
            model_name="shop",
            name="sell_when",
            field=models.CharField(
                choices=[("paid", "when it is paid"), ("placed", "when it is placed")],
                db_default="paid",
                default="paid",
                help_text="Until then the order holds them, and the ERP does not hear of it.",
                max_length=8,
                verbose_name="an order's units are sold",
            ),
        ),
        migrations.AddField(
            model_name="shopifyorder",
            name="cancel_failures",
            field=models.IntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.AddField(
            model_name="shopifyorder",
            name="cancel_retry_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="shopifyorder",
            name="committed",
            field=models.JSONField(blank=True, db_default={}, default=dict, verbose_name="committed at Shopify"),
        ),
        migrations.AddField(
            model_name="shopifyorder",
            name="gateways",
            field=models.JSONField(blank=True, db_default=[], default=list, verbose_name="payment gateways"),
        ),
        migrations.AddField(
            model_name="shopifyorder",
            name="payment",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "not told"),
                    ("pending", "awaited"),
                    ("paid", "paid"),
                    ("voided", "voided"),
                    ("expired", "expired"),
                ],
                db_default="",
                default="",
                max_length=16,
                verbose_name="payment",
            ),
        ),
        migrations.AddField(
            model_name="shopifyorder",
            name="payment_due_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="payment due at"),
        ),
        migrations.AddField(
            model_name="shopifyorder",
            name="payment_terms",
            field=models.JSONField(blank=True, null=True, verbose_name="payment terms"),
        ),
        migrations.AddField(
            model_name="shopifyorder",
            name="payments",
            field=models.JSONField(blank=True, db_default={}, default=dict, verbose_name="words about the payment"),
        ),
        migrations.AddField(
            model_name="shopifyorder",
            name="placed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="placed at"),
        ),
        migrations.AddField(
            model_name="shopifyorder",
            name="shipped",
            field=models.BooleanField(db_default=False, default=False, verbose_name="has left"),
        ),
        AddIndexConcurrently(
            model_name="shopifyorder",
            index=models.Index(
                condition=models.Q(("cancelled", False), ("payment", "pending")),
                fields=["shop", "payment_due_at"],
                name="shopifyorder_unpaid",
            ),
        ),
        AddIndexConcurrently(
            model_name="shopifyorder",
            index=models.Index(
                condition=models.Q(("committed", {}), _negated=True), fields=["shop"], name="shopifyorder_committed"
            ),
        ),
    ]
