"""The shop's inventory at Shopify, where the merchant lets this app write it (``inventory_mode = publish``).

``available`` at Shopify follows ``on_hand - in_flight``: what is on the shelf and not sold. Holds do not count, for
Shopify itself takes a unit off when it is sold, and a cart is no sale. :mod:`.levels` notes what Shopify shows,
:mod:`.stale_levels` finds what it should show, and :mod:`.publication` writes that under :mod:`.level_leases`. All this
rests while the ERP's own channel writes the inventory (:mod:`.native_channel`).
"""
