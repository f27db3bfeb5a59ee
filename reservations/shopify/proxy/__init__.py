"""The app proxy: shoppers' calls, which Shopify signs for their shop and passes on to ``/proxy/``.

The signature proves the shop and nothing else: anybody who visits the shop can make such a call with any body. So a
reservation is touched only by who knows its id or its cart's uuid, nothing is ever confirmed from here, and callers are
held to the shop's requests per minute.
"""
