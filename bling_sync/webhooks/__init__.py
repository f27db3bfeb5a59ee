"""Webhooks: proof of origin first, one INSERT, 200. :mod:`.consequences` draws the consequences later."""
