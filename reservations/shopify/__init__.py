"""Everything that speaks Shopify.

* ``access/`` proves who calls (signatures, session tokens) and keeps the installation with its two tokens.
* ``client/`` asks the Admin API, with the documents in ``client/queries/``.
* ``webhooks/`` stores each delivery (receive, inbox); a file per topic applies it to :mod:`.carts` or ``orders/``.
* ``orders/`` keeps the facts of each order and settles the stock to them.
* ``catalogue/`` knows which variant sells which SKU.
* ``guard/`` and ``inventory/`` tell Shopify about the stock. ``proxy/`` answers shoppers' calls.

What we must tell Shopify follows from rows in PostgreSQL; a task is only a nudge to look at them.
"""
