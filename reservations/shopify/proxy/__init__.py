"""The app proxy: shoppers' calls, which Shopify signs for their shop and passes on to ``/proxy/``.

The signature proves the shop and nothing else: anybody who visits the shop can make such a call, with any body. So only
a caller who knows a reservation's id or its cart's uuid can touch it, no caller can confirm from here, all hear of free
units alone (:mod:`.for_shoppers`), and the shop's requests per minute limit them all.
"""
