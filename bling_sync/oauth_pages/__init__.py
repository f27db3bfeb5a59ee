"""The two addresses between which the merchant visits Bling: out by :mod:`.connect`, back by :mod:`.callback`."""
