"""The shop's catalogue at Shopify: which variant sells which SKU.

:mod:`.links` keeps one link for each variant. :mod:`.catalogue_sweep` reads the whole catalogue after an installation,
on command and every night; webhooks keep the links true in between. :mod:`.line_skus` finds the SKU of a line of a cart
or an order, and :mod:`.link_report` tells the merchant what does not match the stock.
"""
