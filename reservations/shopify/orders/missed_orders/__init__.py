"""Orders whose webhook never came.

Shopify tries a webhook for some hours, then gives up, and promises no delivery at all. So we compare its own list of
orders with what we know: :mod:`.changed_orders` reads the list, :mod:`.gaps` finds the orders of which we miss
something, and :mod:`.order_sweep` asks for those and learns from the answer as from any webhook.
"""
