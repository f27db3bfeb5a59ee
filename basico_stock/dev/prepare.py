"""Brings the database up to date and makes the demo shop; `python -m basico_stock.dev.prepare`."""

import os

import django
from django.core.management import call_command

from basico_stock import startup


def main() -> None:
    """Check this machine, migrate, and make the demo shop and sign-in where there are none."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "basico_stock.settings"
    # Migrations may take their time.
    os.environ["DATABASE_STATEMENT_TIMEOUT_MS"] = "0"
    django.setup()
    startup.refuse_mistakes()
    call_command("migrate", interactive=False, verbosity=0)
    _make_demo()


def _make_demo() -> None:
    from django.conf import settings

    from reservations.demo import ensure_demo_admin, ensure_demo_shop

    if settings.DEVELOPMENT:
        ensure_demo_shop()
        ensure_demo_admin()


if __name__ == "__main__":
    main()
