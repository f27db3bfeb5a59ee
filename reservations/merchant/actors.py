"""The people whom the ledger's references name, in words for the merchant."""

import re

from django.utils.translation import gettext as _

# As `Visit.actor` writes it.
_STAFF = re.compile(r"\bshopify:(\d+)")


def in_words(reference: str) -> str:
    """The reference with "staff member" and their number at Shopify in place of each `shopify:<number>`."""
    return _STAFF.sub(lambda found: _("staff member %(number)s") % {"number": found[1]}, reference)
