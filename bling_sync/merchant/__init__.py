"""Bling on the pages inside Shopify's admin. No page calls Bling: it shows what the database knows and asks a worker.

The one exception is the end of a connection, whose token nobody keeps for a worker.
"""
