"""Speaking to Bling: :class:`.bling.Bling` makes calls; :mod:`bling_sync.errors` says what a failed one allows."""
