"""End a worker that has gone deaf, so that its supervisor starts another.

After a broker's restart Celery workers have stopped taking messages while they stayed connected and looked healthy. A
worker is deaf when the broker answers, messages wait, a process of its pool is free, and yet it has taken none for a
minute. A silent beat or an absent broker does not count: a restart would heal neither.
"""

import logging
import os
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import psutil
from celery.worker import state
from celery.worker.consumer import Consumer
from django.conf import settings
from kombu import Connection

logger = logging.getLogger(__name__)
EXIT_STATUS = 70
CHECKS_PER_LIMIT = 6


@dataclass
class Ear:
    """One worker's hearing: how many tasks it has taken, and since when it has ignored waiting ones."""

    limit_seconds: float
    taken: int = 0
    since: float = field(default_factory=time.monotonic)

    def is_deaf(self, *, taken: int, waiting: int, free: int, now: float) -> bool:
        """Note the figures of this moment and return whether the worker has ignored waiting messages for too long."""
        if taken != self.taken or waiting == 0 or free <= 0:
            self.taken, self.since = taken, now
        return now - self.since >= self.limit_seconds


def start(consumer: Consumer) -> None:
    """Watch this worker from a thread of its own."""
    ear = Ear(limit_seconds=settings.WORKER_DEAF_SECONDS)
    # Read once, at the start: a queue that the worker stops listening to is still its own.
    queues = list(consumer.app.amqp.queues.consume_from)
    threading.Thread(target=_watch, args=(consumer, ear, queues), name="watchdog", daemon=True).start()


def _watch(consumer: Consumer, ear: Ear, queues: Sequence[str]) -> None:
    while True:
        time.sleep(ear.limit_seconds / CHECKS_PER_LIMIT)
        taken = sum(state.total_count.values())
        free = consumer.pool.num_processes - len(state.active_requests)
        if ear.is_deaf(taken=taken, waiting=_waiting(consumer, queues), free=free, now=time.monotonic()):
            logger.critical("This worker takes no messages although some wait; it ends, to be started again.")
            _end()


def _waiting(consumer: Consumer, queues: Sequence[str]) -> int:
    """Messages in these queues; 0 when the broker does not answer."""
    try:
        with consumer.app.connection_for_read() as connection:
            return sum(_queue_length(connection, queue) for queue in queues)
    except Exception as error:  # noqa: BLE001 - every broker has its own errors, and each means "no answer"
        logger.warning("The broker does not answer: %s", error)
        return 0


def _queue_length(connection: Connection, queue: str) -> int:
    try:
        return int(connection.default_channel.queue_declare(queue, passive=True).message_count)  # type: ignore[attr-defined]
    except connection.channel_errors:  # an empty queue does not exist on Redis
        return 0


def _end() -> None:
    """End at once with an error: a deaf worker may also be deaf to a polite request."""
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            process.kill()
    os._exit(EXIT_STATUS)
