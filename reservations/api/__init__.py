"""The HTTP face of the engine: a view reads a request, calls the engine once, and answers.

A request's way: :mod:`.urls` -> :mod:`.pipeline` -> :mod:`.operation` (the caller, the limits) -> :mod:`.stock_command`
(the body, once per idempotency key) -> the file named like the verb (the engine) -> :mod:`.answers` (bytes). What a
request means knows no framework: it speaks of a :class:`.web_request.WebRequest`. Every refusal is a leaf of one tree,
:mod:`reservations.engine.errors` and :mod:`.errors`.
"""
