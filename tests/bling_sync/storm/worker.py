"""A worker process that does what the tasks do: `python -m tests.bling_sync.storm.worker HELD_AFTER_ANSWER_MS`."""

import os
import sys
import time

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "basico_stock.settings"
django.setup()


def main() -> None:
    """Sweep and work until killed."""
    from bling_sync import shop_work, sweeper
    from bling_sync.client import redis_slots

    redis_slots.HELD_AFTER_ANSWER_MS = int(sys.argv[1])
    while True:
        for due in sweeper.due():
            if due.push:
                shop_work.push(due.shop_id, seconds=1)
            if due.read:
                shop_work.read_back(due.shop_id, seconds=1)
        time.sleep(0.05)


if __name__ == "__main__":
    main()
