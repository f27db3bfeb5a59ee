"""Bling in Django's admin, where staff find and explain rows; only the modules that own a row change it."""

from . import (
    authorization,
    connection,
    difference,
    import_line,
    import_run,
    lease,
    limits,
    product,
    push,
    stock_links,
    webhook,
    where,
)

__all__ = [
    "authorization",
    "connection",
    "difference",
    "import_line",
    "import_run",
    "lease",
    "limits",
    "product",
    "push",
    "stock_links",
    "webhook",
    "where",
]
