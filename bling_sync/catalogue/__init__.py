"""The import of Bling's products and quantities: rehearsed, braked, resumable, cancelled, undone from the ledger.

:mod:`.run` leads a run through its phases: :mod:`.product_pages` reads the products, :mod:`.rehearsal` says which of
them an earlier run has read, :mod:`.product_kinds` looks into kits and lots, :mod:`.run_balances` reads balances,
:mod:`.sku_doctor` gives each product its verdict, :mod:`.brake` asks whether so much may be cut, :mod:`.apply_run`
counts, :mod:`.cancellation` and :mod:`.run_end` end it, :mod:`.undo_run` reverses it. :mod:`.workload` says how long it
takes, before the first by :mod:`.first_look`, and :mod:`.run_report` tells people what came of it.
"""
