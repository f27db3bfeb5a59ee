"""Waking a worker for the outbox of a shop, without making a buyer wait for the broker.

`bling_sync.tasks.sweep` finds every row whose nudge got lost.
"""

from plumbing.nudger import Nudger


def _send(shop_id: int) -> None:
    from bling_sync.tasks import push_shop

    push_shop.apply_async(args=(shop_id,), expires=30, retry=False)


nudger = Nudger("bling-nudge", _send)
