"""The admin's name, where no module of Django's says it otherwise."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

admin.site.site_header = "Bázico"
admin.site.site_title = "Bázico"
admin.site.index_title = _("Stock and reservations")
# There is no page to "view on site": the storefront is Shopify's.
admin.site.site_url = None
# The lists are wide, and the way home is one click.
admin.site.enable_nav_sidebar = False
