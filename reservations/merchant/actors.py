"""The people and tills whom the ledger's references name, in words for the merchant."""

import re

from django.utils.translation import gettext as _

from reservations import engine

# As `Visit.actor` writes it.
_STAFF = re.compile(r"\bshopify:(\d+)")


def in_words(reference: str) -> str:
    """The reference with "staff member" and their number at Shopify in place of each `shopify:<number>`.

    A hold that a till took has a sentence of its own.
    """
    if reference.startswith(engine.BY_TILL):
        return _("the unit was sold at the till, order %(order)s") % {"order": reference.removeprefix(engine.BY_TILL)}
    return _STAFF.sub(lambda found: _("staff member %(number)s") % {"number": found[1]}, reference)
