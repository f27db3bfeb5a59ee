"""An import in a process of its own: `python -m tests.bling_sync.storm.importer DOMAIN`; ends with its memory in MB."""

import os
import resource
import sys

import django


def main() -> None:
    """Import as the command does, without the pace."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "basico_stock.settings"
    django.setup()
    from django.core.management import call_command

    from bling_sync.client import redis_slots

    redis_slots.HELD_AFTER_ANSWER_MS = 1
    call_command("bling_import", "--shop", sys.argv[1])
    print("MB", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


if __name__ == "__main__":
    main()
