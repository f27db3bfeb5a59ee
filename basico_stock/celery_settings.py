"""Celery's settings, each with its reason."""

from urllib.parse import parse_qs, urlsplit

from basico_stock.beat import SCHEDULE

# Soft: the task may tidy up. Hard: Celery replaces its process.
SOFT_TIME_LIMIT_SECONDS = 45
TIME_LIMIT_SECONDS = 60
# After this long the broker gives the message of a dead worker to another. Longer than any task may run, else a second
# worker would get a task that still runs.
VISIBILITY_TIMEOUT_SECONDS = 900
# The checkout must learn of scarce stock within two seconds, however much other work there is: a process of its own
# (`guard` in the Procfile) takes these tasks from a queue of their own. Free workers help with it.
GUARD_QUEUE = "guard"
GUARD_TASKS = ("reservations.shopify.tasks.sweep_guards", "reservations.shopify.tasks.write_guards")
# A broker that accepts connections and then says nothing must not hold a web thread. The worker's own wait for a
# message is 1 second, so this is the least.
SOCKET_TIMEOUT_SECONDS = 2


def broker_url(redis_url: str) -> str:
    """The broker's address as Celery spells it; for Redis on a unix socket that is not redis-py's spelling."""
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
        # A publisher that finds the broker absent gives up at once; worker and beat retry by themselves, without end.
        "max_retries": 0,
    }
    return {
        "broker_url": broker,
        "broker_transport_options": timeouts if redis_like else {},
        "broker_connection_timeout": SOCKET_TIMEOUT_SECONDS,
        # Worker and beat wait for an absent broker as long as it takes; no person has to restart them.
        "broker_connection_max_retries": None,
        "broker_connection_retry_on_startup": True,
        # A publisher does not wait for an absent broker: a sweep finds the work.
        "task_publish_retry": False,
        "task_ignore_result": True,
        "task_routes": {task: {"queue": GUARD_QUEUE} for task in GUARD_TASKS},
        "task_serializer": "json",
        "accept_content": ["json"],
        "task_soft_time_limit": SOFT_TIME_LIMIT_SECONDS,
        "task_time_limit": TIME_LIMIT_SECONDS,
        # A worker acknowledges a message when it is done, so one that dies gives its message back.
        "task_acks_late": True,
        "worker_prefetch_multiplier": 1,
        # A task outlives a lost broker: what it does in PostgreSQL is right all the same.
        "worker_cancel_long_running_tasks_on_connection_loss": False,
        "worker_max_tasks_per_child": 2_000,
        "worker_send_task_events": False,
        "timezone": time_zone,
        "beat_schedule": SCHEDULE,
        # In memory: while beat is away we miss a turn and nothing else, and no file has to be kept.
        "beat_scheduler": "celery.beat:Scheduler",
    }
