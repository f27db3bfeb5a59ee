"""Points this process's engine at another PostgreSQL address for a while."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper


def address(host: str | None = None) -> str:
    """DATABASE_URL of the tests' database through `host`, for a program of its own."""
    settings = connections["default"].settings_dict
    user = ":".join(quote(part, safe="") for part in (settings["USER"], settings["PASSWORD"]) if part)
    port = "" if host or not settings["PORT"] else f":{settings['PORT']}"
    return f"postgresql://{user}@{port}/{settings['NAME']}?host={quote(host or settings['HOST'], safe='')}"


def _forget_connections() -> None:
    connections.close_all()
    pool = DatabaseWrapper._connection_pools.pop("default", None)  # type: ignore[attr-defined]  # not in the stubs
    if pool:
        pool.close()


@contextmanager
def reached_at(host: str, name: str | None = None) -> Iterator[None]:
    """Within the block, every thread opens its connections to `host` (and to database `name`)."""
    settings = connections["default"].settings_dict
    before = {"HOST": settings["HOST"], "NAME": settings["NAME"]}
    _forget_connections()
    settings.update({"HOST": host, "NAME": name or settings["NAME"]})
    try:
        yield
    finally:
        _forget_connections()
        settings.update(before)
