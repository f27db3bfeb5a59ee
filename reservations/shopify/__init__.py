"""Everything that speaks Shopify.

* ``access/``: who calls (signatures, session tokens), and the installation with its stored pair of tokens.
* ``client/``: asking the Admin API, with the documents in ``client/queries/``.
* ``webhooks/``: a delivery comes in (receive, inbox) and a file per topic applies it to :mod:`.carts` or ``orders/``.
* ``orders/``: the facts of each order, and the stock settled to what they say.
* ``catalogue/``: which variant sells which SKU.
* ``guard/``, ``inventory/``: what Shopify is told of the stock. ``proxy/``: shoppers' calls.

What must be told to Shopify follows from rows in PostgreSQL; tasks are only nudges to look at them.
"""
