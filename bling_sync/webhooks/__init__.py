"""Webhooks: proof of origin first, one INSERT, 200. :mod:`.apply` draws the consequences later."""
