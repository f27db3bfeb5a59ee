"""Brings the database up to date and makes the demo shop; `python -m basico_stock.dev.prepare`."""

import os
from importlib.util import find_spec

import django
from django.core.management import call_command

from basico_stock import startup


def main() -> None:
    """Check this machine, migrate, and make the demo shop where there is no shop."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "basico_stock.settings"
    # Migrations may take their time.
    os.environ["DATABASE_STATEMENT_TIMEOUT_MS"] = "0"
    django.setup()
    startup.refuse_mistakes()
    call_command("migrate", interactive=False, verbosity=1 if os.environ.get("VERBOSE") else 0)
    if find_spec("reservations.demo"):
        from reservations.demo import ensure_demo_shop

        ensure_demo_shop()


if __name__ == "__main__":
    main()
