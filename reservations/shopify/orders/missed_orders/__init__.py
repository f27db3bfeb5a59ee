"""Orders of which a webhook never came.

Shopify tries a webhook for some hours and then gives up, and promises no delivery at all. So its own list of orders is
held against what is known here: :mod:`.changed_orders` reads the list, :mod:`.gaps` says of which orders something
is missing, and :mod:`.order_sweep` asks for those and lets them be learned like any other word of them.
"""
