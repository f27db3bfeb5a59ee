"""The guard: what we tell the checkout's validation function about scarce SKUs.

The validation function has neither clock nor network, so while a SKU is scarce each of its variants carries the app's
metafield ``$app``/``stock_guard``: free units, and the hold if there is just one. Stocks with more holds have them in a
table, in metafields of the validation. A line of a cart passes when its hold is among these, or when enough is free.

PostgreSQL alone says what we have to write (:mod:`.stale_guards`): stock rows whose ledger went on, holds that ended,
thresholds that changed. :mod:`.variant_leases` gives each variant one writer at a time, :mod:`.stock_facts` then reads
what is true, :mod:`.metafield_value` and :mod:`.hold_table` spell it, and :mod:`.metafield_write` tells Shopify with no
transaction open. :mod:`.validation` creates the function's validation in a shop.
"""
