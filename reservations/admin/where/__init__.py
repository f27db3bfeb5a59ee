"""Where is X? Paste a SKU, an order, a cart, a reservation or a webhook's id, and see everything that is linked to it.

:mod:`.trail` finds what the text names and follows its links one by one; :mod:`.sections` knows how each table's rows
are found and told. An app that has tables of its own adds its starts and its sections.
"""

from . import stock  # the stock's own sections come first
from .sections import section
from .trail import Trail, start

__all__ = ["Trail", "section", "start", "stock"]
