"""The shop's catalogue at Shopify: which variant sells which SKU.

:mod:`.links` keeps one link for each variant of :mod:`.variants`. :mod:`.walk` reads the whole catalogue when somebody
asks: an installation, a merchant, an import whose SKUs have no link (:mod:`.missing_links`), the command, the night.
:mod:`.catalogue_sweep` finds the walks that are due; webhooks keep the links true in between. :mod:`.line_skus` finds
the SKU of a line of a cart or an order, and :mod:`.link_report` tells the merchant what does not match the stock.
"""
