"""Bling in Django's admin: found and explained here, changed only through the modules that own it."""

from . import connection, difference, import_line, import_run, machinery, product, push, stock_links, webhook, where

__all__ = [
    "connection",
    "difference",
    "import_line",
    "import_run",
    "machinery",
    "product",
    "push",
    "stock_links",
    "webhook",
    "where",
]
