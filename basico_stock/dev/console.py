"""Print whole lines from several processes at once, each with its speaker's name."""

import os
import sys
import threading
from pathlib import Path

WIDTH = 8
COLOURS = {"web": 32, "worker": 35, "guard": 31, "beat": 36, "bling": 33, "shopify": 34, "bin/dev": 1}

_lock = threading.Lock()


def say(text: str = "", *, who: str = "bin/dev") -> None:
    """Print each line of `text` with its speaker's name, if it has one. A closed terminal is no reason to fail."""
    name = f"{who:<{WIDTH}}| " if who else ""
    with _lock:
        try:
            if who and sys.stdout.isatty():
                name = f"\x1b[{COLOURS.get(who, 0)}m{name}\x1b[0m"
            for line in text.splitlines():
                print(f"{name}{line}", flush=True)
        except (AttributeError, OSError, ValueError):
            _speak_to_nobody()


def _speak_to_nobody() -> None:
    """Discard what we print from now on: the terminal is closed, the pipe has no reader, or there is no stdout."""
    sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115 - open until the process ends
