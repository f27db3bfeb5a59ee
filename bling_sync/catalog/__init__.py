"""Bringing Bling's products and quantities in: rehearsed, braked, resumable, and undone from the ledger.

:mod:`.run` leads a run through its phases: :mod:`.listing` reads the products, :mod:`.kinds` looks into kits and lots,
:mod:`.figures` reads balances, :mod:`.doctor` gives each product its verdict, :mod:`.brake` asks whether so much may be
cut, :mod:`.applying` counts, :mod:`.undo` takes it back, :mod:`.report` says it to people.
"""
