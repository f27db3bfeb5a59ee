"""Celery's settings, each with its reason."""

from urllib.parse import parse_qs, urlsplit

from basico_stock.beat import SCHEDULE

# Soft: the task may tidy up. Hard: its process is replaced.
SOFT_TIME_LIMIT_SECONDS = 45
TIME_LIMIT_SECONDS = 60
# A message taken by a worker that died comes back after this long; longer than any task may run, else a task still
# running is given to a second worker.
VISIBILITY_TIMEOUT_SECONDS = 900
# The checkout must hear of scarce stock within two seconds, which no other work may take from it: a process of its own
# (`guard` in the Procfile) takes these from a queue of their own. Workers help with it when they are free.
GUARD_QUEUE = "guard"
GUARD_TASKS = ("reservations.shopify.tasks.sweep_guards", "reservations.shopify.tasks.write_guards")
# A broker that accepts connections and then says nothing must not hold a web thread. The worker's own wait for a
# message is 1 second, so this is the least.
SOCKET_TIMEOUT_SECONDS = 2


def broker_url(redis_url: str) -> str:
    """Return the broker's address as Celery spells it; Redis on a unix socket has two spellings."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    database = parse_qs(parts.query).get("db", ["0"])[0]
    return f"redis+socket://{parts.path}?virtual_host={database}"


def configuration(broker: str, time_zone: str) -> dict[str, object]:
    """Return the settings for the broker at the address `broker`."""
    redis_like = broker.startswith("redis")
    timeouts = {
        "visibility_timeout": VISIBILITY_TIMEOUT_SECONDS,
        "socket_timeout": SOCKET_TIMEOUT_SECONDS,
        "socket_connect_timeout": SOCKET_TIMEOUT_SECONDS,
        "health_check_interval": 10,
        # A publisher finds the broker absent at once; worker and beat have their own retries, without end.
        "max_retries": 0,
    }
    return {
        "broker_url": broker,
        "broker_transport_options": timeouts if redis_like else {},
        "broker_connection_timeout": SOCKET_TIMEOUT_SECONDS,
        # The broker comes back when it comes back; worker and beat wait for it without a person.
        "broker_connection_max_retries": None,
        "broker_connection_retry_on_startup": True,
        # A publisher does not wait for an absent broker: a sweeper finds the work.
        "task_publish_retry": False,
        "task_ignore_result": True,
        "task_routes": {task: {"queue": GUARD_QUEUE} for task in GUARD_TASKS},
        "task_serializer": "json",
        "accept_content": ["json"],
        "task_soft_time_limit": SOFT_TIME_LIMIT_SECONDS,
        "task_time_limit": TIME_LIMIT_SECONDS,
        # Acknowledged when done: a worker that dies gives its message back.
        "task_acks_late": True,
        "worker_prefetch_multiplier": 1,
        "worker_cancel_long_running_tasks_on_connection_loss": False,
        "worker_max_tasks_per_child": 2_000,
        "worker_send_task_events": False,
        "timezone": time_zone,
        "beat_schedule": SCHEDULE,
        # In memory: nothing is missed but a turn while beat is away, and no file has to be kept.
        "beat_scheduler": "celery.beat:Scheduler",
    }
