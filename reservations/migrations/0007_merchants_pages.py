from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reservations", "0006_what_shopify_was_told"),
    ]

    operations = [
        migrations.AddField(
            model_name="shop",
            name="guide_hidden",
            field=models.BooleanField(
                db_default=False, default=False, editable=False, verbose_name="the set-up guide was put away"
            ),
        ),
        migrations.AddField(
            model_name="shop",
            name="language",
            field=models.CharField(
                blank=True,
                choices=[("", "that of Shopify's admin"), ("pt-br", "Português"), ("en", "English")],
                db_default="",
                default="",
                max_length=8,
                verbose_name="language",
            ),
        ),
        migrations.AddField(
            model_name="shopifyinstallation",
            name="theme_checked_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="theme embed looked at"),
        ),
        migrations.AddField(
            model_name="shopifyinstallation",
            name="theme_embed",
            field=models.BooleanField(blank=True, null=True, verbose_name="theme embed is on"),
        ),
    ]
