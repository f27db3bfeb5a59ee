"""Background work for Bling, as `basico_stock.beat` and :mod:`.worker_nudge` call it. Each task may run twice."""

import logging

from celery import shared_task

from reservations.tasks import leaves_it_to_the_next_round

from . import demo_connection, housekeeping, merchant_requests, shop_work, sweeper

logger = logging.getLogger(__name__)

# A slice of five seconds, and the one call that it may end with.
_SOFT_SECONDS, _HARD_SECONDS = 90, 100
# Six sweeps: whatever a message named has been named again since.
_EXPIRES_SECONDS = 30


@shared_task(soft_time_limit=40, time_limit=50)
@leaves_it_to_the_next_round
def sweep() -> None:
    """Wake a worker for each piece of work that is due."""
    demo_connection.connect_if_sandbox()
    for due in sweeper.due():
        if due.push:
            push_shop.apply_async(args=(due.shop_id,), expires=_EXPIRES_SECONDS)
        if due.read:
            read_shop.apply_async(args=(due.shop_id,), expires=_EXPIRES_SECONDS)
        if due.importing:
            import_shop.apply_async(args=(due.shop_id,), expires=_EXPIRES_SECONDS)
        if due.undoing:
            undo_import.apply_async(args=(due.shop_id,), expires=_EXPIRES_SECONDS)
        if due.setup:
            complete_setup.apply_async(args=(due.shop_id,), expires=_EXPIRES_SECONDS)


@shared_task(soft_time_limit=_SOFT_SECONDS, time_limit=_HARD_SECONDS)
@leaves_it_to_the_next_round
def push_shop(shop_id: int) -> None:
    """Send a slice of a shop's outbox."""
    if shop_work.push(shop_id):
        push_shop.apply_async(args=(shop_id,), expires=_EXPIRES_SECONDS)


@shared_task(soft_time_limit=_SOFT_SECONDS, time_limit=_HARD_SECONDS)
@leaves_it_to_the_next_round
def read_shop(shop_id: int) -> None:
    """Read a slice of a shop's balances back."""
    if shop_work.read_back(shop_id):
        read_shop.apply_async(args=(shop_id,), expires=_EXPIRES_SECONDS)


@shared_task(soft_time_limit=_SOFT_SECONDS, time_limit=_HARD_SECONDS)
@leaves_it_to_the_next_round
def import_shop(shop_id: int) -> None:
    """Take a shop's import a slice further."""
    if shop_work.go_on_importing(shop_id):
        import_shop.apply_async(args=(shop_id,), expires=_EXPIRES_SECONDS)


@shared_task(soft_time_limit=280, time_limit=300)
@leaves_it_to_the_next_round
def undo_import(shop_id: int) -> None:
    """Undo the import whose undoing the merchant asked for."""
    merchant_requests.undo_import(shop_id)


@shared_task(soft_time_limit=_SOFT_SECONDS, time_limit=_HARD_SECONDS)
@leaves_it_to_the_next_round
def complete_setup(shop_id: int) -> None:
    """Read what is missing of a shop's set-up, and the deposits to choose from."""
    merchant_requests.complete_setup(shop_id)


@shared_task(soft_time_limit=80, time_limit=90)
@leaves_it_to_the_next_round
def keep() -> None:
    """Keep authorizations alive, and say what a merchant should know before it hurts."""
    housekeeping.keep_authorizations()
    housekeeping.warn()


@shared_task(soft_time_limit=280, time_limit=300)
@leaves_it_to_the_next_round
def prune() -> None:
    """Delete what nobody will ask for again."""
    housekeeping.prune()
