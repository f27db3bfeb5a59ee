"""The shop's inventory at Shopify, where the merchant lets this app write it (``inventory_mode = publish``).

``available`` at Shopify follows ``on_hand - in_flight``, less what unpaid orders keep committed there: what is on the
shelf and not ordered. Holds of carts do not count, for a cart is no order. :mod:`.levels` notes what Shopify shows,
:mod:`.stale_levels` finds what it should show, and :mod:`.publication` writes that under :mod:`.level_leases`. All this
rests while the ERP's own channel writes the inventory (:mod:`.native_channel`).
"""
