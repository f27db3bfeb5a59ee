"""What an API key may do, when it was last used, and when another replaces it. Keys that exist may do all, as before."""

import django.contrib.postgres.fields
from django.db import migrations, models

import reservations.models.api_key


class Migration(migrations.Migration):
    dependencies = [("reservations", "0034_time_zone_of_a_shop")]

    operations = [
        migrations.AddField(
            "apikey",
            "scopes",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("read", "read: stock, reservations, what a cart would get"),
                        ("hold", "hold: reserve, extend and release"),
                        ("confirm", "confirm: turn holds into sales"),
                        ("all", "all: everything, also what is new"),
                    ],
                    max_length=16,
                ),
                db_default=["all"],
                default=reservations.models.api_key.every_scope,
                size=None,
                verbose_name="scopes",
            ),
        ),
        migrations.AddField(
            "apikey",
            "last_used_at",
            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="last used"),
        ),
        migrations.AddField(
            "apikey", "ends_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="ends at")
        ),
        migrations.AddConstraint(
            "apikey",
            models.CheckConstraint(
                condition=models.Q(
                    ("scopes__contained_by", ["read", "hold", "confirm", "all"]), ("scopes__len__gte", 1)
                ),
                name="apikey_scopes_known",
            ),
        ),
    ]
