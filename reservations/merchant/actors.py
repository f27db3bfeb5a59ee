"""Who did something, as the ledger's references name them, in words for the merchant."""

import re

from django.utils.translation import gettext as _

# As `Visit.actor` writes it.
_STAFF = re.compile(r"\bshopify:(\d+)")


def in_words(reference: str) -> str:
    """The reference with each member of the shop's staff named as one, by their number at Shopify."""
    return _STAFF.sub(lambda found: _("staff member %(number)s") % {"number": found[1]}, reference)
