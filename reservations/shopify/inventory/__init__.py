"""The shop's inventory at Shopify, where the merchant lets this app write it (``inventory_mode = publish``).

``available`` at Shopify follows ``on_hand - in_flight``: what is on the shelf and not sold. Holds are left out, for
Shopify itself takes a unit off when it is sold, and a cart is no sale. :mod:`.levels` keeps what Shopify shows,
:mod:`.publication` writes what it should show.
"""
