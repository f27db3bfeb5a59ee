"""Wake a worker for a shop's catalogue, without making anybody wait for the broker."""

from plumbing.nudger import Nudger


def _send(shop_id: int) -> None:
    from reservations.shopify.tasks import link_catalogue

    link_catalogue.apply_async(kwargs={"shop_id": shop_id}, expires=60, retry=False)


nudger = Nudger("catalogue-nudge", _send)
