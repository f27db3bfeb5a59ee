"""Sends each sale to Bling, once in effect. `docs/bling-outbox.md` is its page.

:mod:`.claim` takes a row, :mod:`.deliver` makes the one call, :mod:`.outcome` writes down what became of it.
:mod:`.evidence` gathers what Bling shows of a lost answer and :mod:`.verdict` judges it; :mod:`.decide` is the
merchant's say. :mod:`.observe` looks for the orders that Bling imports by itself.
"""
