"""Bling in Django's admin, where staff find and explain rows; only the modules that own a row change it."""

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
