#!/usr/bin/env python
"""Django's command line for the stock service."""

import os
import sys


def main() -> None:
    """Run the management command named in the arguments."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "basico_stock.settings")
    # A command is one thread: without a pool it learns at once, in PostgreSQL's own words, why it got no connection.
    os.environ.setdefault("DATABASE_POOL_SIZE", "0")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as mistake:
        sys.exit(str(mistake))


if __name__ == "__main__":
    main()
