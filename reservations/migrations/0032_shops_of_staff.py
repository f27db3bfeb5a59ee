"""Which shops a member of staff sees. Who is staff already goes on seeing every shop, by a permission.

The primary key names the shop, as in 0002, so that the table can be distributed by shop.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_KEY_NAMES_THE_SHOP = """
ALTER TABLE reservations_staffshop DROP CONSTRAINT reservations_staffshop_pkey;
ALTER TABLE reservations_staffshop ADD CONSTRAINT reservations_staffshop_pkey PRIMARY KEY (id, shop_id);
"""
# Django makes the permission after the last migration, and leaves alone what is there.
STAFF_GO_ON_SEEING_EVERY_SHOP = """
INSERT INTO django_content_type (app_label, model) VALUES ('reservations', 'staffshop') ON CONFLICT DO NOTHING;
INSERT INTO auth_permission (name, codename, content_type_id)
    SELECT 'Can see every shop', 'see_every_shop', id FROM django_content_type
    WHERE app_label = 'reservations' AND model = 'staffshop' ON CONFLICT DO NOTHING;
INSERT INTO auth_user_user_permissions (user_id, permission_id)
    SELECT auth_user.id, auth_permission.id FROM auth_user, auth_permission
    WHERE is_staff AND NOT is_superuser AND codename = 'see_every_shop' ON CONFLICT DO NOTHING;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reservations", "0031_holds_by_item"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.CreateModel(
            name="StaffShop",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "shop",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seen_by",
                        to="reservations.shop",
                        verbose_name="shop",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="seen_shops",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="member of staff",
                    ),
                ),
            ],
            options={
                "verbose_name": "shop of a member of staff",
                "verbose_name_plural": "shops of a member of staff",
                "permissions": [("see_every_shop", "Can see every shop")],
                "constraints": [models.UniqueConstraint(fields=("user", "shop"), name="staffshop_once")],
            },
        ),
        migrations.RunSQL(_KEY_NAMES_THE_SHOP, reverse_sql=migrations.RunSQL.noop),
        migrations.RunSQL(STAFF_GO_ON_SEEING_EVERY_SHOP, reverse_sql=migrations.RunSQL.noop),
    ]
