"""Primary keys that name the shop, as in 0002, so that the tables can be distributed by shop."""

from django.db import migrations

TABLES = (
    "shopifyinstallation",
    "webhookdelivery",
    "shopifycart",
    "shopifyorder",
    "skulink",
    "variantguard",
    "publishedlevel",
    "privacyrequest",
)


def keys(columns: str) -> str:
    return "\n".join(
        f"""
ALTER TABLE reservations_{table} DROP CONSTRAINT reservations_{table}_pkey;
ALTER TABLE reservations_{table} ADD CONSTRAINT reservations_{table}_pkey PRIMARY KEY ({columns});
"""
        for table in TABLES
    )


class Migration(migrations.Migration):
    """Composite primary keys."""

    dependencies = [("reservations", "0003_shopify")]

    operations = [migrations.RunSQL(keys("id, shop_id"), reverse_sql=keys("id"))]
