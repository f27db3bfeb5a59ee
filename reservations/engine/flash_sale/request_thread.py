"""A turn: a request waits in the thread that brought it, which also writes the batch when it leads."""

import time

from django.db import connection

from .batch import Batch
from .queue import Queue
from .ticket import State, Ticket


def see_through(queue: Queue, ticket: Ticket) -> None:
    """Stay with a ticket that has joined the queue until it is ANSWERED or ALONE; lead when it is its turn.

    Raises the ticket's failure.
    """
    if ticket.state is not State.FIRST:
        _wait(queue, ticket)
    if ticket.leads:
        _lead(queue, ticket)
    if ticket.failure is not None:
        raise ticket.failure


def _wait(queue: Queue, ticket: Ticket) -> None:
    """Sleep until the ticket is answered or called to lead; at its deadline leave the queue with an honest error."""
    # A waiter keeps no connection: with a bounded pool it could be the very one that its leader waits for.
    if connection.connection is not None:
        connection.close()
    if queue.leave_seconds is not None and (ticket.sleep(queue.leave_seconds) or queue.leave(ticket)):
        return
    if not ticket.sleep(max(0.0, ticket.patience())):
        queue.give_up(ticket)


def _lead(queue: Queue, ticket: Ticket) -> None:
    """Write one batch, then hand over to the first waiting ticket. Whatever ends this, the queue moves on."""
    met_nobody = ticket.state is State.FIRST
    batch = Batch()
    try:
        # Before the batch is closed: those who arrive during the pause are in it.
        if pause := queue.gather_seconds(ticket):
            time.sleep(pause)
        queue.take(batch)
        queue.write(batch, met_nobody=met_nobody)
    finally:
        queue.hand_over(ticket)
        batch.wake()
