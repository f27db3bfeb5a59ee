"""A stand-in as a program: it reads its arguments, refuses to run outside a sandbox, and ends on a signal."""

import argparse
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sandbox.permission import NotASandbox
from sandbox.stand_in import OnLoopback


def run(module: str, summary: str, make: Callable[[str, int], OnLoopback[Any]]) -> int:
    """Run what `make(address of the service, port)` returns until a signal ends it. Returns the exit status."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "basico_stock.settings")
    parser = argparse.ArgumentParser(prog=f"python -m {module}", description=summary)
    parser.add_argument("--port", type=int, default=0, help="0: any free port")
    parser.add_argument("--public-url", help="where the service listens; default: the setting PUBLIC_URL")
    parser.add_argument("--books", type=Path, help="a file to go on from and to keep; default: remember nothing")
    options = parser.parse_args()
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    try:
        serving = make(_base(options.public_url), options.port)
        if options.books:
            serving.keep_books(options.books)
        with serving:
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
