"""What Bling's stand-in can be told besides what every stand-in can.

An order that concerns a company takes `account` (its companyId); without, it means the demo company.
"""

from sandbox.bling.control import account_books, behaviour, sales, warehouse
from sandbox.bling.control.bling_panel import panel

__all__ = ["account_books", "behaviour", "panel", "sales", "warehouse"]
