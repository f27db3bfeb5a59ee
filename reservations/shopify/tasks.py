"""Background work with Shopify. Each task may run twice, also at the same time, and none is the only chance."""

from celery import shared_task

from reservations.shopify import retention, tagging, tokens
from reservations.shopify.webhooks import processing
from reservations.tasks import leaves_it_to_the_next_round

# A worker's turn at one shop's backlog, and at everybody's: short enough that other work comes in between.
SHOP_SECONDS = 10.0
ROUND_SECONDS = 20.0


@shared_task(soft_time_limit=50, time_limit=60)
@leaves_it_to_the_next_round
def process_webhooks(shop_id: int) -> None:
    """Work on a shop's deliveries, right after one came."""
    processing.process_due(shop_id, seconds=SHOP_SECONDS)


@shared_task(soft_time_limit=50, time_limit=60)
@leaves_it_to_the_next_round
def sweep_webhooks() -> None:
    """Find the deliveries that no message speaks of: lost ones, and those whose next try is due."""
    processing.sweep(seconds=ROUND_SECONDS)


@shared_task(soft_time_limit=50, time_limit=60)
@leaves_it_to_the_next_round
def tag_short_orders() -> None:
    """Tag the orders that have units missing."""
    tagging.tag_due(seconds=ROUND_SECONDS)


@shared_task(soft_time_limit=50, time_limit=60)
@leaves_it_to_the_next_round
def prune_webhooks() -> None:
    """Delete what was delivered long ago."""
    retention.prune()


@shared_task(soft_time_limit=780, time_limit=840)
@leaves_it_to_the_next_round
def refresh_idle_tokens() -> None:
    """Renew the tokens of shops that were left alone, before they end."""
    tokens.refresh_idle()
