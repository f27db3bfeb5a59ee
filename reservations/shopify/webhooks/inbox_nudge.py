"""Wake a worker for a shop's deliveries, without making Shopify wait for the broker."""

from plumbing.nudger import Nudger


def _send(shop_id: int) -> None:
    from reservations.shopify.tasks import process_webhooks

    # By then the sweep has looked twenty times: an older message would find nothing to do.
    process_webhooks.apply_async(kwargs={"shop_id": shop_id}, expires=60, retry=False)


# Longer than other nudges: what gathers is applied in one transaction, and each message costs as much as a delivery.
nudger = Nudger("webhook-nudges", _send, gather_seconds=0.1)
