"""The HTTP face of the engine: a view reads a request, calls the engine once, and answers.

A request's way: :mod:`.urls` -> :mod:`.pipeline` (the caller, the limits, the body) -> :mod:`.stock_command` (once per
idempotency key) -> the file named like the verb (the engine) -> :mod:`.answers` (bytes). Every refusal is a leaf of one
tree, :mod:`reservations.engine.errors` and :mod:`.errors`.
"""
