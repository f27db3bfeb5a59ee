"""Everything that speaks Bling: one implementation of :mod:`reservations.erp`.

The way of a sale: :mod:`.erp_backend` writes an outbox row in the transaction of the sale, :mod:`.outbox` sends it, and
:mod:`.reconcile` reads Bling's figure back. `docs/bling.md` is the map.
"""
