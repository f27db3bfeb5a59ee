"""Everything that speaks Shopify.

* Who calls: :mod:`.signatures` (webhooks, app proxy, links from the admin), :mod:`.session_tokens` (embedded page).
* Getting in: :mod:`.installing` -> :mod:`.token_endpoint` -> :mod:`.tokens` (the stored pair, one refresh at once).
* Asking: :mod:`.client`, with its documents in ``queries/``.
* Hearing: :mod:`.webhooks` (receive -> inbox -> a file per topic) -> :mod:`.carts`, :mod:`.orders` -> the engine.
* Telling: :mod:`.guard` (the checkout's gate), :mod:`.inventory`, :mod:`.tagging`, :mod:`.validation`.

What must be told to Shopify follows from rows in PostgreSQL; tasks are only nudges to look at them.
"""
