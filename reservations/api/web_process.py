"""The WSGI entry point's preparations, before Django loads and around each request."""

import os
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from shutil import rmtree
from typing import Any

# The path as it came, before Django writes bytes that are not UTF-8 as "%FF" text.
RAW_PATH = "bazico.raw_path"

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


def keep_raw_path(application: Application) -> Application:
    """Wrap `application` so that a view can tell a path that is not UTF-8 from one that spells percent signs."""

    def with_raw_path(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        environ[RAW_PATH] = environ.get("PATH_INFO", "")
        return application(environ, start_response)

    return with_raw_path


def spare_requests() -> None:
    """Omit what Django does around each request and nothing here needs: a tenth of the time of a refusal.

    Django checks a connection as each request ends, so it needs no second check when the next one begins; production
    logs no queries, and nothing uses a cache.
    """
    from django.core.cache import close_caches
    from django.core.signals import request_finished, request_started
    from django.db import close_old_connections, reset_queries

    request_started.disconnect(close_old_connections)
    request_started.disconnect(reset_queries)
    request_finished.disconnect(close_caches)


def share_metrics() -> None:
    """Let the processes of one server count together, in a directory that bears their parent's id.

    Call this before anything imports ``prometheus_client``, which reads ``PROMETHEUS_MULTIPROC_DIR`` as it loads. A
    directory that the variable names already stays in use. Removes the directories of servers that have ended.
    """
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]).mkdir(mode=0o700, parents=True, exist_ok=True)
        return
    prefix = f"bazico-metrics-{os.getuid()}-"
    shared = Path(tempfile.gettempdir()) / f"{prefix}{os.getppid()}"
    _remove_abandoned(shared.parent, prefix)
    shared.mkdir(mode=0o700, exist_ok=True)
    if shared.stat().st_uid == os.getuid():  # else somebody took the name, and each process counts for itself
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(shared)


def _remove_abandoned(parent: Path, prefix: str) -> None:
    for directory in parent.glob(f"{prefix}*"):
        owner = directory.name.removeprefix(prefix)
        if owner.isdigit() and not _runs(int(owner)):
            with suppress(OSError):
                rmtree(directory)


def _runs(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
