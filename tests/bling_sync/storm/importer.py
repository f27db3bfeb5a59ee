"""An import in a process of its own: `python -m tests.bling_sync.storm.importer DOMAIN`; ends with its memory in MB."""

import os
import resource
import sys
from pathlib import Path

import django


def most_memory_mb() -> int:
    """The most memory that this process held at once; not `ru_maxrss`, which a child inherits from its parent."""
    status = Path("/proc/self/status")
    if not status.exists():  # macOS counts in bytes, and from the start of this process
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024**2
    lines = status.read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) // 1024


def main() -> None:
    """Import as the command does, without the pace."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "basico_stock.settings"
    django.setup()
    from django.core.management import call_command

    from bling_sync.client import redis_slots

    redis_slots.HELD_AFTER_ANSWER_MS = 1
    call_command("bling_import", "--shop", sys.argv[1])
    print("MB", most_memory_mb())


if __name__ == "__main__":
    main()
