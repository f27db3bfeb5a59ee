"""The HTTP face of the engine: a view reads a request, calls the engine once, and answers.

The way of a request: :mod:`.urls` -> :mod:`.pipeline` (who calls, how often) -> the file named like the verb ->
:mod:`.body` and :mod:`.strict_json` (what was sent) -> :mod:`.stock_command` (the engine, once per idempotency key) ->
:mod:`.answers` (bytes). Every refusal is a leaf of one tree, :mod:`reservations.engine.errors` and :mod:`.errors`.
"""
