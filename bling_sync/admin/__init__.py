"""Bling in Django's admin: found and explained here, changed only through the modules that own it."""

from . import connection, difference, import_run, product, push, webhook

__all__ = ["connection", "difference", "import_run", "product", "push", "webhook"]
