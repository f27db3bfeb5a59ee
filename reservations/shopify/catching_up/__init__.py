"""Orders of which a webhook never came.

Shopify tries a webhook for some hours and then gives up, and promises no delivery at all. So its own list of orders is
held against what is known here: :mod:`.listing` reads the list, :mod:`.missed` says of which orders something is
missing, and :mod:`.rounds` asks for those and lets them be learned like any other word of them.
"""
