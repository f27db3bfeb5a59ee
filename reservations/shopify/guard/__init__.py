"""The guard: what the checkout's validation is told of a scarce SKU.

The validation function has neither clock nor network, so while a SKU is scarce each of its variants carries the app's
metafield ``$app``/``stock_guard``: ``{"free": 2, "holds": {"<reservation id>": 1}}``, in units. A line of a cart passes
when its hold is among these, or when enough is free.

What has to be written follows from PostgreSQL alone (:mod:`.stale_guards`): stock rows whose ledger went on, holds that
have ended, thresholds that changed. :mod:`.variant_leases` gives each variant one writer at a time,
:mod:`.stock_facts` reads what is true after that, :mod:`.metafield_value` spells it and :mod:`.metafield_write` tells
Shopify, with no transaction open.
"""
