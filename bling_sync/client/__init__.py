"""Calls to Bling: :class:`.bling_api.Bling` makes them; :mod:`bling_sync.errors` says what a failed one allows."""
