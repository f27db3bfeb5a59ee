"""(a) The textbook: one transaction a request, the stock row locked by `select_for_update`."""
