"""A stand-in as a process of its own: its arguments, its refusal outside a sandbox, its end."""

import argparse
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from sandbox.permission import NotASandbox


class Serving(Protocol):
    """What is run: something that listens at `url` between enter and exit."""

    url: str


def run(module: str, summary: str, make: Callable[[str, int], AbstractContextManager[Serving]]) -> int:
    """Serve what `make(address of the service, port)` gives until asked to stop; return the exit status."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "basico_stock.settings")
    parser = argparse.ArgumentParser(prog=f"python -m {module}", description=summary)
    parser.add_argument("--port", type=int, default=0, help="0: any free port")
    parser.add_argument("--public-url", help="where the service listens; default: the setting PUBLIC_URL")
    options = parser.parse_args()
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    try:
        with make(_base(options.public_url), options.port) as serving:
            sys.stdout.write(f"{module} answers at {serving.url}, orders to it at {serving.url}/_control/\n")
            sys.stdout.flush()
            stopped.wait()
    except (NotASandbox, OSError) as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    return 0


def _base(given: str | None) -> str:
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    try:
        return (given or settings.PUBLIC_URL).rstrip("/")
    except ImproperlyConfigured as error:
        raise NotASandbox(str(error)) from error
