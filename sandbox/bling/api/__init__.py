"""Bling's addresses below /Api/v3, one file per resource. `routes` is their table; each answers for one account."""

from sandbox.bling.api import balances, catalog, channels, company, movements, new_order, orders, situations
from sandbox.bling.api.call import routes

__all__ = [
    "balances",
    "catalog",
    "channels",
    "company",
    "movements",
    "new_order",
    "orders",
    "routes",
    "situations",
]
