"""`python -m tests.support.command_fork MODULES`: imports these modules, then runs each command in a fork of itself.

It imports nothing of the project before a command does.
"""

import gc
import importlib
import json
import os
import runpy
import signal
import sys
from contextlib import suppress
from typing import IO, Any


def _child(order: list[Any]) -> None:
    """Become the process of this order, up to its first line of Python."""
    arguments, environment, seconds, *outputs = order
    for number, path in enumerate(outputs, start=1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.clear()
    os.environ.update(environment)
    signal.alarm(seconds)
    sys.argv = ["manage.py", *arguments]


def _serve(orders: IO[str]) -> None:
    """Fork for each order and tell how it ended; returns in each fork, never in the process that waits."""
    for line in orders:
        if not (pid := os.fork()):
            return _child(json.loads(line))
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
    sys.exit()


if __name__ == "__main__":
    for name in json.loads(sys.argv[1]):
        with suppress(Exception):  # what needs settings waits for a command
            importlib.import_module(name)
    # What is there by now stays: no fork looks through it, and so copies it, to find what to free.
    gc.freeze()
    _serve(sys.stdin)
    runpy.run_path("manage.py", run_name="__main__")
