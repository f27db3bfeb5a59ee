"""Tables of the Shopify side: installation, inbox, carts, orders, links, guard, inventory, privacy requests."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reservations", "0002_database_rules"),
    ]

    operations = [
        migrations.CreateModel(
            name="PrivacyRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("export", "export of a customer's data"),
                            ("customer", "erasure of a customer's data"),
                            ("shop", "erasure of the shop's data"),
                        ],
                        max_length=16,
                        verbose_name="kind",
                    ),
                ),
                (
                    "reference",
                    models.CharField(blank=True, default="", max_length=255, verbose_name="Shopify's reference"),
                ),
                ("export", models.JSONField(blank=True, null=True, verbose_name="export")),
                ("erased", models.PositiveIntegerField(default=0, verbose_name="rows erased")),
                ("fulfilled_at", models.DateTimeField(verbose_name="fulfilled at")),
            ],
            options={
                "verbose_name": "privacy request",
                "verbose_name_plural": "privacy requests",
            },
        ),
        migrations.CreateModel(
            name="PublishedLevel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("inventory_item_id", models.BigIntegerField(verbose_name="inventory item")),
                ("location_id", models.BigIntegerField(verbose_name="location")),
                ("seen", models.IntegerField(blank=True, null=True, verbose_name="units at Shopify")),
                ("seen_at", models.DateTimeField(blank=True, null=True, verbose_name="as of")),
                ("pending_key", models.UUIDField(editable=False, null=True)),
                ("pending_quantity", models.IntegerField(editable=False, null=True)),
                ("pending_from", models.IntegerField(editable=False, null=True)),
                ("claimed_until", models.DateTimeField(editable=False, null=True)),
                ("retry_at", models.DateTimeField(blank=True, null=True, verbose_name="next attempt at")),
                ("failures", models.PositiveIntegerField(default=0, verbose_name="failures")),
                ("problem", models.CharField(blank=True, default="", max_length=255, verbose_name="problem")),
            ],
            options={
                "verbose_name": "published level",
                "verbose_name_plural": "published levels",
            },
        ),
        migrations.CreateModel(
            name="ShopifyCart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.CharField(max_length=255, verbose_name="Shopify's token")),
                ("cart_token", models.UUIDField(verbose_name="cart")),
                ("updated_at", models.DateTimeField(blank=True, null=True, verbose_name="newest state")),
                ("triggered_at", models.DateTimeField(blank=True, null=True, verbose_name="triggered at")),
                ("closed_by", models.CharField(blank=True, default="", max_length=255, verbose_name="order")),
                ("refused", models.JSONField(blank=True, default=dict, verbose_name="not held")),
                ("seen_at", models.DateTimeField(verbose_name="last heard of")),
            ],
            options={
                "verbose_name": "Shopify cart",
                "verbose_name_plural": "Shopify carts",
            },
        ),
        migrations.CreateModel(
            name="ShopifyInstallation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("installed", "installed"),
                            ("needs_reopen", "the merchant must open the app"),
                            ("uninstalled", "uninstalled"),
                        ],
                        default="installed",
                        max_length=16,
                        verbose_name="state",
                    ),
                ),
                ("scopes", models.TextField(blank=True, default="", verbose_name="granted scopes")),
                ("access_token", models.TextField(blank=True, default="", editable=False)),
                ("access_expires_at", models.DateTimeField(blank=True, null=True, verbose_name="access token ends")),
                ("refresh_token", models.TextField(blank=True, default="", editable=False)),
                ("refresh_expires_at", models.DateTimeField(blank=True, null=True, verbose_name="refresh token ends")),
                ("lease", models.UUIDField(editable=False, null=True)),
                ("lease_until", models.DateTimeField(editable=False, null=True)),
                ("installed_at", models.DateTimeField(verbose_name="installed at")),
                ("uninstalled_at", models.DateTimeField(blank=True, null=True, verbose_name="uninstalled at")),
                ("validation_id", models.CharField(blank=True, default="", max_length=255)),
                (
                    "validation_state",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "not looked at yet"),
                            ("on", "on"),
                            ("off", "switched off by the merchant"),
                            ("failed", "could not be created"),
                        ],
                        default="",
                        max_length=16,
                        verbose_name="checkout validation",
                    ),
                ),
                (
                    "validation_checked_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="checkout validation looked at"),
                ),
                ("problem", models.CharField(blank=True, default="", max_length=255, verbose_name="problem")),
            ],
            options={
                "verbose_name": "Shopify installation",
                "verbose_name_plural": "Shopify installations",
            },
        ),
        migrations.CreateModel(
            name="ShopifyOrder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order_id", models.CharField(max_length=255, verbose_name="order")),
                ("name", models.CharField(blank=True, default="", max_length=255, verbose_name="name")),
                ("cart_token", models.UUIDField(blank=True, null=True, verbose_name="cart")),
                ("lines", models.JSONField(blank=True, default=dict, verbose_name="lines")),
                ("lines_at", models.DateTimeField(blank=True, null=True, verbose_name="lines as of")),
                ("refunds", models.JSONField(blank=True, default=dict, verbose_name="refunds")),
                ("edits", models.JSONField(blank=True, default=dict, verbose_name="edits")),
                ("cancelled", models.BooleanField(default=False, verbose_name="cancelled")),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="first settled at")),
                ("shortfall_units", models.PositiveIntegerField(default=0, verbose_name="units missing")),
                (
                    "tag",
                    models.CharField(
                        blank=True,
                        choices=[("", "none"), ("wanted", "to be written"), ("written", "written")],
                        default="",
                        max_length=16,
                        verbose_name="tag",
                    ),
                ),
                ("tag_retry_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("tag_failures", models.PositiveIntegerField(default=0, editable=False)),
                ("heard_at", models.DateTimeField(verbose_name="last heard of")),
            ],
            options={
                "verbose_name": "Shopify order",
                "verbose_name_plural": "Shopify orders",
            },
        ),
        migrations.CreateModel(
            name="SkuLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("variant_id", models.BigIntegerField(verbose_name="variant")),
                ("product_id", models.BigIntegerField(blank=True, null=True, verbose_name="product")),
                ("inventory_item_id", models.BigIntegerField(blank=True, null=True, verbose_name="inventory item")),
                ("sku", models.CharField(blank=True, default="", max_length=255, verbose_name="SKU")),
                ("tracked", models.BooleanField(default=True, verbose_name="tracked by Shopify")),
                ("synced_at", models.DateTimeField(verbose_name="as of")),
            ],
            options={
                "verbose_name": "SKU link",
                "verbose_name_plural": "SKU links",
            },
        ),
        migrations.CreateModel(
            name="VariantGuard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("variant_id", models.BigIntegerField(verbose_name="variant")),
                ("value", models.TextField(blank=True, default="", verbose_name="value")),
                ("ledger_position", models.BigIntegerField(default=0, verbose_name="ledger position")),
                ("next_expiry", models.DateTimeField(blank=True, null=True, verbose_name="next expiry")),
                ("written_at", models.DateTimeField(blank=True, null=True, verbose_name="written at")),
                ("claimed_until", models.DateTimeField(editable=False, null=True)),
                ("retry_at", models.DateTimeField(blank=True, null=True, verbose_name="next attempt at")),
                ("failures", models.PositiveIntegerField(default=0, verbose_name="failures")),
                ("problem", models.CharField(blank=True, default="", max_length=255, verbose_name="problem")),
            ],
            options={
                "verbose_name": "guard of a variant",
                "verbose_name_plural": "guards of variants",
            },
        ),
        migrations.CreateModel(
            name="WebhookDelivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("webhook_id", models.CharField(max_length=255, verbose_name="delivery")),
                ("event_id", models.CharField(blank=True, default="", max_length=255, verbose_name="event")),
                ("topic", models.CharField(max_length=100, verbose_name="topic")),
                ("triggered_at", models.DateTimeField(blank=True, null=True, verbose_name="triggered at")),
                ("received_at", models.DateTimeField(verbose_name="received at")),
                ("digest", models.BinaryField(max_length=32)),
                ("payload", models.JSONField(null=True, verbose_name="payload")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("pending", "pending"),
                            ("applied", "applied"),
                            ("ignored", "ignored"),
                            ("parked", "parked"),
                        ],
                        default="pending",
                        max_length=16,
                        verbose_name="status",
                    ),
                ),
                ("attempts", models.PositiveIntegerField(default=0, verbose_name="attempts")),
                ("next_attempt_at", models.DateTimeField(verbose_name="next attempt at")),
                ("error", models.TextField(blank=True, default="", verbose_name="error")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended at")),
                ("conflicts", models.PositiveIntegerField(default=0, verbose_name="same id, other body")),
            ],
            options={
                "verbose_name": "webhook",
                "verbose_name_plural": "webhooks",
            },
        ),
        migrations.AddField(
            model_name="shop",
            name="inventory_location_id",
            field=models.BigIntegerField(
                blank=True,
                help_text="The number of the location whose inventory is written.",
                null=True,
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="location at Shopify",
            ),
        ),
        migrations.AddField(
            model_name="shop",
            name="inventory_mode",
            field=models.CharField(
                choices=[("off", "not by this app"), ("publish", "on hand minus in flight, by this app")],
                default="off",
                help_text="Leave it off while Bling's own Shopify channel writes the inventory.",
                max_length=16,
                verbose_name="inventory at Shopify",
            ),
        ),
        migrations.AddField(
            model_name="shop",
            name="scarcity_threshold",
            field=models.PositiveIntegerField(
                default=10,
                help_text="While this many units or fewer are free, Shopify's checkout is told of the holds of a SKU.",
                validators=[django.core.validators.MaxValueValidator(100000)],
                verbose_name="scarce at (units)",
            ),
        ),
        migrations.AddConstraint(
            model_name="shop",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("inventory_mode", "off"),
                    models.Q(("inventory_location_id__isnull", False), ("inventory_mode", "publish")),
                    _connector="OR",
                ),
                name="shop_publishes_at_a_location",
            ),
        ),
        migrations.AddField(
            model_name="privacyrequest",
            name="shop",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="privacy_requests",
                to="reservations.shop",
                verbose_name="shop",
            ),
        ),
        migrations.AddField(
            model_name="publishedlevel",
            name="shop",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="published_levels",
                to="reservations.shop",
                verbose_name="shop",
            ),
        ),
        migrations.AddField(
            model_name="shopifycart",
            name="shop",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="shopify_carts",
                to="reservations.shop",
                verbose_name="shop",
            ),
        ),
        migrations.AddField(
            model_name="shopifyinstallation",
            name="shop",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="shopify",
                to="reservations.shop",
                verbose_name="shop",
            ),
        ),
        migrations.AddField(
            model_name="shopifyorder",
            name="shop",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="shopify_orders",
                to="reservations.shop",
                verbose_name="shop",
            ),
        ),
        migrations.AddField(
            model_name="skulink",
            name="shop",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sku_links",
                to="reservations.shop",
                verbose_name="shop",
            ),
        ),
        migrations.AddField(
            model_name="variantguard",
            name="shop",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="variant_guards",
                to="reservations.shop",
                verbose_name="shop",
            ),
        ),
        migrations.AddField(
            model_name="webhookdelivery",
            name="shop",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="webhook_deliveries",
                to="reservations.shop",
                verbose_name="shop",
            ),
        ),
        migrations.AddConstraint(
            model_name="privacyrequest",
            constraint=models.UniqueConstraint(fields=("shop", "kind", "reference"), name="privacyrequest_once"),
        ),
        migrations.AddConstraint(
            model_name="privacyrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["export", "customer", "shop"])), name="privacyrequest_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="publishedlevel",
            constraint=models.UniqueConstraint(
                fields=("shop", "inventory_item_id", "location_id"), name="publishedlevel_one_row_per_level"
            ),
        ),
        migrations.AddIndex(
            model_name="shopifycart",
            index=models.Index(fields=["shop", "cart_token"], name="shopifycart_by_cart"),
        ),
        migrations.AddIndex(
            model_name="shopifycart",
            index=models.Index(fields=["shop", "seen_at"], name="shopifycart_by_age"),
        ),
        migrations.AddConstraint(
            model_name="shopifycart",
            constraint=models.UniqueConstraint(fields=("shop", "token"), name="shopifycart_one_row_per_token"),
        ),
        migrations.AddConstraint(
            model_name="shopifyinstallation",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["installed", "needs_reopen", "uninstalled"])),
                name="installation_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="shopifyinstallation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "uninstalled"), _negated=True),
                    models.Q(("access_token", ""), ("refresh_token", "")),
                    _connector="OR",
                ),
                name="installation_keeps_no_dead_token",
            ),
        ),
        migrations.AddIndex(
            model_name="shopifyorder",
            index=models.Index(
                condition=models.Q(("cart_token__isnull", False)),
                fields=["shop", "cart_token"],
                name="shopifyorder_of_cart",
            ),
        ),
        migrations.AddIndex(
            model_name="shopifyorder",
            index=models.Index(
                condition=models.Q(("tag", "wanted")), fields=["shop", "tag_retry_at"], name="shopifyorder_to_tag"
            ),
        ),
        migrations.AddConstraint(
            model_name="shopifyorder",
            constraint=models.UniqueConstraint(fields=("shop", "order_id"), name="shopifyorder_one_row_per_order"),
        ),
        migrations.AddIndex(
            model_name="skulink",
            index=models.Index(fields=["shop", "sku"], name="skulink_by_sku"),
        ),
        migrations.AddIndex(
            model_name="skulink",
            index=models.Index(fields=["shop", "product_id"], name="skulink_by_product"),
        ),
        migrations.AddIndex(
            model_name="skulink",
            index=models.Index(fields=["shop", "inventory_item_id"], name="skulink_by_inventory_item"),
        ),
        migrations.AddConstraint(
            model_name="skulink",
            constraint=models.UniqueConstraint(fields=("shop", "variant_id"), name="skulink_one_row_per_variant"),
        ),
        migrations.AddConstraint(
            model_name="variantguard",
            constraint=models.UniqueConstraint(fields=("shop", "variant_id"), name="variantguard_one_row_per_variant"),
        ),
        migrations.AddIndex(
            model_name="webhookdelivery",
            index=models.Index(
                condition=models.Q(("status", "pending")), fields=["shop", "next_attempt_at"], name="delivery_due"
            ),
        ),
        migrations.AddIndex(
            model_name="webhookdelivery",
            index=models.Index(fields=["shop", "received_at"], name="delivery_by_age"),
        ),
        migrations.AddIndex(
            model_name="webhookdelivery",
            index=models.Index(fields=["shop", "topic", "received_at"], name="delivery_by_topic"),
        ),
        migrations.AddConstraint(
            model_name="webhookdelivery",
            constraint=models.UniqueConstraint(fields=("shop", "webhook_id"), name="delivery_one_row_per_webhook"),
        ),
        migrations.AddConstraint(
            model_name="webhookdelivery",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["pending", "applied", "ignored", "parked"])),
                name="delivery_status_known",
            ),
        ),
    ]
