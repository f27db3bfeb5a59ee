"""Background work with Shopify. Each task may run twice, even at the same time, and none is the only chance."""

import logging

from celery import shared_task

from reservations.shopify import inbox_retention, limit_notice
from reservations.shopify.access import access_tokens
from reservations.shopify.catalogue import catalogue_sweep, walk
from reservations.shopify.errors import ShopifyError
from reservations.shopify.guard import metafield_write, stale_guards, validation
from reservations.shopify.inventory import locations, publication, stale_levels
from reservations.shopify.orders import older_orders, shortfall_tag, unpaid_cancellation
from reservations.shopify.orders.missed_orders import order_sweep
from reservations.shopify.webhooks import processor
from reservations.shopify.webhooks.payload_reader import InvalidPayload
from reservations.tasks import leaves_it_to_the_next_round

logger = logging.getLogger(__name__)

# A worker's turn at one shop's backlog, and at all shops': short, so that other work gets in between.
SHOP_SECONDS = 10.0
ROUND_SECONDS = 20.0
GUARD_SECONDS = 5.0
# A shop's turn at its list of orders; the next round takes the rest.
ORDERS_SECONDS, ORDERS_ROUND_SECONDS = 60.0, 300.0
# As long as the pause between two rounds: a message older than that is not needed.
INSTALLATION_SECONDS = 15.0


@shared_task(soft_time_limit=50, time_limit=60)
@leaves_it_to_the_next_round
def process_webhooks(shop_id: int) -> None:
    """Apply a shop's deliveries, right after one arrived."""
    processor.process_due_deliveries(shop_id, seconds=SHOP_SECONDS)


@shared_task(soft_time_limit=50, time_limit=60)
@leaves_it_to_the_next_round
def sweep_webhooks() -> None:
    """Find the deliveries that no message names: lost nudges, and retries that are due."""
    processor.sweep_inbox(seconds=ROUND_SECONDS)


@shared_task(soft_time_limit=50, time_limit=60)
@leaves_it_to_the_next_round
def tag_short_orders() -> None:
    """Tag the orders with a shortfall."""
    shortfall_tag.tag_due_orders(seconds=ROUND_SECONDS)


@shared_task(soft_time_limit=50, time_limit=60)
@leaves_it_to_the_next_round
def cancel_unpaid_orders() -> None:
    """Cancel the orders that were not paid in time, for the merchants who chose that."""
    unpaid_cancellation.cancel_due_orders(seconds=ROUND_SECONDS)


@shared_task(soft_time_limit=50, time_limit=60)
@leaves_it_to_the_next_round
def prune_webhooks() -> None:
    """Delete old deliveries, carts and exports."""
    inbox_retention.prune_inbox()


@shared_task(soft_time_limit=780, time_limit=840)
@leaves_it_to_the_next_round
def refresh_idle_tokens() -> None:
    """Renew the tokens of shops without traffic before they end."""
    access_tokens.refresh_idle()


@shared_task(soft_time_limit=20, time_limit=30)
@leaves_it_to_the_next_round
def sweep_guards() -> None:
    """Find the shops with stale guards; each gets a task of its own, for one shop may be slow."""
    for shop_id in stale_guards.shops_with_due_guards():
        write_guards.apply_async(kwargs={"shop_id": shop_id}, expires=GUARD_SECONDS)


@shared_task(soft_time_limit=50, time_limit=60)
@leaves_it_to_the_next_round
def write_guards(shop_id: int) -> None:
    """Tell a shop's checkout about its scarce SKUs."""
    metafield_write.write_due_guards(shop_id, seconds=GUARD_SECONDS)


@shared_task(soft_time_limit=20, time_limit=30)
@leaves_it_to_the_next_round
def begin_installations() -> None:
    """Find the shops that lack what an installation begins with, and the readings of catalogues that are not over."""
    for shop_id in validation.shops_to_look_at():
        ensure_validation.apply_async(kwargs={"shop_id": shop_id}, expires=INSTALLATION_SECONDS)
    for shop_id in limit_notice.shops_to_tell():
        tell_limits.apply_async(kwargs={"shop_id": shop_id}, expires=INSTALLATION_SECONDS)
    for shop_id in older_orders.shops_to_read():
        read_older_orders_of.apply_async(kwargs={"shop_id": shop_id}, expires=INSTALLATION_SECONDS)
    for shop_id in catalogue_sweep.shops_to_link():
        walk.ask(shop_id)
    for shop_id in catalogue_sweep.shops_to_walk():
        link_catalogue.apply_async(kwargs={"shop_id": shop_id}, expires=INSTALLATION_SECONDS)


@shared_task(soft_time_limit=110, time_limit=120)
@leaves_it_to_the_next_round
def ensure_validation(shop_id: int) -> None:
    """Create a shop's checkout validation, or note how it stands, and which locations the shop has."""
    validation.ensure_validation(shop_id)
    locations.note_locations(shop_id)


@shared_task(soft_time_limit=50, time_limit=60)
@leaves_it_to_the_next_round
def tell_limits(shop_id: int) -> None:
    """Tell a shop's theme the limits that shoppers read."""
    limit_notice.tell(shop_id)


@shared_task(soft_time_limit=110, time_limit=120)
@leaves_it_to_the_next_round
def read_older_orders_of(shop_id: int) -> None:
    """Take the reading of a shop's orders from before its installation a slice further."""
    try:
        older_orders.read_older_orders(shop_id, seconds=SHOP_SECONDS)
    except (ShopifyError, InvalidPayload) as error:
        logger.warning("shop %s: its older orders wait for the next round: %s", shop_id, error)


@shared_task(soft_time_limit=50, time_limit=60)
@leaves_it_to_the_next_round
def link_catalogue(shop_id: int) -> None:
    """Take a shop's walk through its catalogue a slice further."""
    try:
        if walk.go_on(shop_id, seconds=SHOP_SECONDS):
            link_catalogue.apply_async(kwargs={"shop_id": shop_id}, expires=INSTALLATION_SECONDS)
    except ShopifyError as error:
        logger.warning("shop %s: its catalogue waits for the next round: %s", shop_id, error)


@shared_task(soft_time_limit=20, time_limit=30)
@leaves_it_to_the_next_round
def link_catalogues() -> None:
    """Ask for every catalogue anew: a webhook may have got lost."""
    for shop_id in catalogue_sweep.installed_shops():
        walk.ask(shop_id)


@shared_task(soft_time_limit=20, time_limit=30)
@leaves_it_to_the_next_round
def catch_up_on_orders() -> None:
    """Compare every shop's list of orders with what its webhooks told us; each shop gets a task of its own."""
    for shop_id in order_sweep.installed_shops():
        catch_up_on_orders_of.apply_async(kwargs={"shop_id": shop_id}, expires=ORDERS_ROUND_SECONDS)


@shared_task(soft_time_limit=110, time_limit=120)
@leaves_it_to_the_next_round
def catch_up_on_orders_of(shop_id: int) -> None:
    """Learn about a shop's orders whose webhook never came."""
    try:
        order_sweep.ask_for_missed_orders(shop_id, seconds=ORDERS_SECONDS)
    except (ShopifyError, InvalidPayload) as error:
        logger.warning("shop %s: its orders wait for the next round: %s", shop_id, error)


@shared_task(soft_time_limit=20, time_limit=30)
@leaves_it_to_the_next_round
def sweep_inventory() -> None:
    """Find the shops whose inventory at Shopify shows stale numbers; each gets a task of its own."""
    for shop_id in stale_levels.shops_with_due_levels():
        publish_inventory.apply_async(kwargs={"shop_id": shop_id}, expires=SHOP_SECONDS)


@shared_task(soft_time_limit=50, time_limit=60)
@leaves_it_to_the_next_round
def publish_inventory(shop_id: int) -> None:
    """Write what a shop can sell into its inventory at Shopify."""
    publication.publish_due_levels(shop_id, seconds=SHOP_SECONDS)
